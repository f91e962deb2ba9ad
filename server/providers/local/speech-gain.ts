/** The loudness that speech is brought to: the root mean square of 16-bit samples, about −23 dB of full scale. */
const TARGET = 2_300;
/** Frames that are speech as surely as this tell how loud it is. */
const SURE = 0.7;
/** How much of the level one frame of 10 ms makes up: the level follows within about 0.3 s. */
const NEWS = 0.03;
/** The gain grows by so much a frame, and falls ten times as fast. */
const STEP = 0.01;
const PEAK = 31_000;

/** Brings distant, soft speech nearer. Never makes anything softer, but for what would be clipped. */
export class SpeechGain {
  readonly #most: number;
  #power: number | undefined;
  #gain = 1;

  /** `most`: the largest factor. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Amplifies one frame of 10 ms in place, gliding from the gain of the frame before. */
  apply(frame: Float32Array, speech: number): void {
    const { power, peak } = measure(frame);
    if (speech >= SURE) this.#power = this.#power === undefined ? power : this.#power + NEWS * (power - this.#power);
    const before = this.#gain;
    this.#gain = Math.min(before + this.#step(), Math.max(1, PEAK / Math.max(peak, 1)));
    for (let i = 0; i < frame.length; i++) {
      frame[i] = frame[i]! * (before + ((this.#gain - before) * (i + 1)) / frame.length);
    }
  }

  #step(): number {
    if (this.#power === undefined || this.#power === 0) return 0;
    const wanted = Math.max(1, Math.min(this.#most, TARGET / Math.sqrt(this.#power)));
    return Math.max(-10 * STEP, Math.min(STEP, wanted - this.#gain));
  }
}

function measure(frame: Float32Array): { power: number; peak: number } {
  let sum = 0;
  let peak = 0;
  for (const sample of frame) {
    sum += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return { power: sum / frame.length, peak };
}
