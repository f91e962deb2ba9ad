/** The last stretch of a stream of samples, by position since its beginning. */
export class SampleWindow {
  private chunks: { readonly start: number; readonly samples: Int16Array }[] = [];
  /** Where the next sample will lie. */
  end = 0;

  /** Where the first kept sample lies. */
  get start(): number {
    return this.chunks[0]?.start ?? this.end;
  }

  append(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.chunks.push({ start: this.end, samples });
    this.end += samples.length;
  }

  /** What is kept between two positions, piece by piece: views, not copies. */
  *between(from: number, to: number): Generator<Int16Array> {
    for (const { start, samples } of this.chunks) {
      if (start >= to) return;
      if (start + samples.length > from) yield samples.subarray(Math.max(0, from - start), to - start);
    }
  }

  /** Lets go of whole chunks before `position`. */
  dropBefore(position: number): void {
    const kept = this.chunks.findIndex(({ start, samples }) => start + samples.length > position);
    this.chunks.splice(0, kept === -1 ? this.chunks.length : kept);
  }
}
