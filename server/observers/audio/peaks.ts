/** The shape of a sound: how loud it gets, piece by piece. Gathered while it is recorded, so that nobody reads it all to draw it. */

/** Pieces at most; twice as many are folded into these. */
const MOST = 1_000;
/** The length of a piece at first: it doubles whenever there are too many. */
const FIRST_MS = 20;

export class Peaks {
  private pieces: number[] = [];
  private loudest = 0;
  private inPiece = 0;
  private pieceSamples: number;

  constructor(sampleRate: number) {
    this.pieceSamples = Math.max(1, Math.round((sampleRate * FIRST_MS) / 1000));
  }

  add(samples: Int16Array): void {
    for (let from = 0; from < samples.length;) {
      const to = Math.min(samples.length, from + this.pieceSamples - this.inPiece);
      this.loudest = Math.max(this.loudest, loudestOf(samples, from, to));
      this.inPiece += to - from;
      from = to;
      if (this.inPiece === this.pieceSamples) this.next();
    }
  }

  /** So many samples of it. */
  silence(samples: number): void {
    for (let left = samples; left > 0;) {
      const passed = Math.min(left, this.pieceSamples - this.inPiece);
      this.inPiece += passed;
      left -= passed;
      if (this.inPiece === this.pieceSamples) this.next();
    }
  }

  /** Each from 0 to 100; all but the last one stand for the same time. */
  get values(): number[] {
    const all = this.inPiece === 0 ? this.pieces : [...this.pieces, this.loudest];
    return all.map((loudest) => Math.round((loudest / 32_768) * 100));
  }

  private next(): void {
    this.pieces.push(this.loudest);
    this.loudest = 0;
    this.inPiece = 0;
    if (this.pieces.length < MOST * 2) return;
    this.pieces = Array.from({ length: MOST }, (_, i) =>
      Math.max(this.pieces[i * 2] ?? 0, this.pieces[i * 2 + 1] ?? 0),
    );
    this.pieceSamples *= 2;
  }
}

function loudestOf(samples: Int16Array, from: number, to: number): number {
  let [lowest, highest] = [0, 0];
  for (let i = from; i < to; i += 1) {
    const sample = samples[i]!;
    if (sample > highest) highest = sample;
    if (sample < lowest) lowest = sample;
  }
  return Math.max(highest, -lowest);
}
