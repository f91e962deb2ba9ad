import { Bell } from "../engine/bell";

/** A queue between two tasks: one puts in, one takes out. Whoever puts in should wait for room before the next. */
export class Channel<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private readonly arrived = new Bell();
  private readonly taken = new Bell();
  private ended = false;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.values.length;
  }

  push(value: T): void {
    if (this.ended) return;
    this.values.push(value);
    this.arrived.ring();
  }

  /** Resolves when fewer than `capacity` wait. */
  async room(): Promise<void> {
    while (this.values.length >= this.capacity && !this.ended) await this.taken.wait();
  }

  /** Nothing more comes; what waits is still read. */
  end(): void {
    this.ended = true;
    this.arrived.ring();
    this.taken.ring();
  }

  /** Drops what waits. */
  stop(): void {
    this.values.length = 0;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const [value] = this.values;
      if (value !== undefined) {
        this.values.shift();
        this.taken.ring();
        yield value;
      } else if (this.ended) return;
      else await this.arrived.wait();
    }
  }
}
