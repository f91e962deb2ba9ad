/** Sound that waits for its time: pushed as it is made, taken in frames of 20 ms as it is heard. Pure. */

export class OutputQueue {
  private chunks: Int16Array[] = [];
  private offset = 0;
  private waiting = 0;
  private taken = 0;
  /** A beginning of a frame has waited for its rest once. */
  private waitedForRest = false;

  constructor(private readonly frameSamples: number) {}

  /** Samples that wait. */
  get length(): number {
    return this.waiting;
  }

  /** Samples that were taken since the beginning, without what only filled up a frame. */
  get played(): number {
    return this.taken;
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.chunks.push(samples);
    this.waiting += samples.length;
    this.waitedForRest = false;
  }

  /** The next frame, or undefined when it is not time: nothing waits, or less than a frame that may still grow. */
  take(): Int16Array | undefined {
    if (this.waiting === 0) return undefined;
    if (this.waiting < this.frameSamples && !this.waitedForRest) {
      this.waitedForRest = true;
      return undefined;
    }
    const frame = new Int16Array(this.frameSamples);
    let filled = 0;
    while (filled < this.frameSamples && this.chunks.length > 0) {
      const [chunk] = this.chunks as [Int16Array];
      const part = chunk.subarray(this.offset, this.offset + this.frameSamples - filled);
      frame.set(part, filled);
      filled += part.length;
      this.offset += part.length;
      if (this.offset < chunk.length) break;
      this.chunks.shift();
      this.offset = 0;
    }
    this.waiting -= filled;
    this.taken += filled;
    this.waitedForRest = false;
    return frame;
  }

  /** Drops what waits. */
  clear(): void {
    this.chunks = [];
    this.offset = 0;
    this.waiting = 0;
    this.waitedForRest = false;
  }
}
