/** A stream that is begun before anybody may read it: it runs up to a point, waits there, and goes on once it is read. */
import { Bell } from "../engine/bell";

export interface HoldOptions<T> {
  /** True for the event after which to wait for the reader. Default: never, all of it is held. */
  readonly enough?: (event: T) => boolean;
  /** Told of each event as it comes, while nobody reads yet. */
  readonly onEvent?: (event: T) => void;
}

export class Held<T> implements AsyncIterable<T> {
  private readonly events: T[] = [];
  private readonly arrived = new Bell();
  private readonly wanted = new Bell();
  private end: { readonly error?: unknown } | undefined;
  private isRead = false;

  /** Starts at once. What the source throws is kept for the reader; without one it is dropped. */
  constructor(source: AsyncIterable<T>, options: HoldOptions<T> = {}) {
    void this.fetch(source, options);
  }

  get failed(): boolean {
    return this.end !== undefined && "error" in this.end;
  }

  /** Once only. From then on the source is pulled at the reader's pace. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    this.isRead = true;
    for (;;) {
      const event = this.events.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.end !== undefined) {
        if ("error" in this.end) throw this.end.error;
        return;
      }
      this.wanted.ring();
      await this.arrived.wait();
    }
  }

  private async fetch(source: AsyncIterable<T>, { enough, onEvent }: HoldOptions<T>): Promise<void> {
    try {
      for await (const event of source) {
        this.events.push(event);
        if (!this.isRead) onEvent?.(event);
        this.arrived.ring();
        if (this.isRead || enough?.(event) === true) await this.wanted.wait();
      }
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
    this.arrived.ring();
  }
}
