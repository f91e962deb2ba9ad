/** What a client was told, whatever its class, in the order in which it came. */

const PATIENCE_MS = 10_000;

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
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      for (; this.read < this.events.length;) {
        const event = this.events[this.read++];
        if (event?.type === type) return event;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`No ${type} came. Events: ${this.events.map((event) => event.type).join(", ")}`);
  }

  /** Types from the first of that type on, each at its first occurrence. */
  order(from: string): string[] {
    const types = this.events.map(({ type }) => type);
    return [...new Set(types.slice(types.indexOf(from)))];
  }
}
