/** The poles of RNNoise's own high-pass filter, whose zeros lie at 0 Hz: it cuts below 15 Hz. */
const THEIRS = [1.99599, 0.996] as const;
/** Ours: below 6 Hz. */
const POLE = 0.9992;
const OURS = [2 * POLE, POLE ** 2] as const;

/**
 * RNNoise lets a high-pass filter go first, which shifts the phase of low voices: by 17° at 100 Hz. This moves its
 * corner down, out of the way, so that cleaned speech lies on the original; measured, that is worth 1 to 4 dB of SI-SDR.
 */
export class LowEnd {
  #first = 0;
  #second = 0;

  /** Frame after frame, in place. */
  restore(frame: Float32Array): void {
    for (let i = 0; i < frame.length; i++) {
      const sample = frame[i]!;
      const output = sample + this.#first;
      this.#first = this.#second - THEIRS[0] * sample + OURS[0] * output;
      this.#second = THEIRS[1] * sample - OURS[1] * output;
      frame[i] = output;
    }
  }
}
