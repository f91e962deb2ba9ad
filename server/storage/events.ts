/** What services tell the rest of the server. A listener that fails disturbs no other, nor the one who told. */
import type { ServiceEvent } from "../../lib/services/context";

type Listener = (event: ServiceEvent) => void;

export class ServiceEvents {
  private readonly listeners = new Set<Listener>();

  constructor(private readonly onFault: (error: unknown) => void) {}

  readonly notify = (event: ServiceEvent): void => {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.onFault(error);
      }
    }
  };

  /** Returns what ends it. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
