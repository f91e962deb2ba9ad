/** The one place where events leave a session: gives each its id, shows it to the observers, hands it to the client. */
import type { SessionObservation } from "../observers/types";
import { newId } from "../protocol/ids";
import type { ServerEvent, ServerEventBody } from "../protocol/server-events";

export interface WriterOptions {
  send(event: ServerEvent): void;
  observe(observation: SessionObservation): void;
  /** Milliseconds since the session began. */
  now(): number;
}

export class EventWriter {
  private closed = false;

  constructor(private readonly options: WriterOptions) {}

  emit(body: ServerEventBody): void {
    if (this.closed) return;
    const event: ServerEvent = { ...body, event_id: newId("event") };
    this.options.send(event);
    this.options.observe({ type: "server-event", at: this.options.now(), event });
  }

  close(): void {
    this.closed = true;
  }
}
