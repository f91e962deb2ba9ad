/** What a client was told, whatever its class, in the order in which it came. */
import { expect } from "vitest";

export interface WireEvent {
  readonly type: string;
  readonly event_id: string;
  readonly [field: string]: unknown;
}

export interface Emitter {
  on(name: "event", listener: (event: never) => void): unknown;
  on(name: "error", listener: (error: never) => void): unknown;
  send(event: never): void;
  close(): void;
}

export class EventLog {
  readonly events: WireEvent[] = [];
  readonly errors: Error[] = [];
  private read = 0;

  constructor(private readonly client: Emitter) {
    client.on("event", (event: WireEvent) => this.events.push(event));
    client.on("error", (error: Error) => this.errors.push(error));
  }

  send(event: Record<string, unknown>): void {
    this.client.send(event as never);
  }

  /** The next event of that type that was not passed yet. */
  async next(type: string): Promise<WireEvent> {
    const find = (): number => this.events.findIndex((event, index) => index >= this.read && event.type === type);
    await expect.poll(find, { timeout: 10_000, message: `${type} comes` }).toBeGreaterThanOrEqual(0);
    const at = find();
    this.read = at + 1;
    return this.events[at] as WireEvent;
  }

  /** Types from the first of that type on, each at its first occurrence. */
  order(from: string): string[] {
    const types = this.events.map(({ type }) => type);
    return [...new Set(types.slice(types.indexOf(from)))];
  }
}
