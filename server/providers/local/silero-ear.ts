import { floatFromPcm } from "../../realtime/audio/float";
import { concatPcm } from "../../realtime/audio/pcm";
import { createResampler, type Resampler } from "../../realtime/audio/resample";
import {
  contextSamples,
  frameSamples,
  STATE_LAYERS,
  STATE_SIZE,
  type SileroBatch,
  type SileroRate,
  type SileroResult,
} from "./silero-model";
import type { SileroOpening } from "./silero-protocol";

/** One stream inside the worker: brings its samples to the model's rate and frames, and keeps the model's memory of it. */
export class SileroEar {
  readonly id: number;
  readonly rate: SileroRate;
  readonly #resampler: Resampler;
  readonly #context: Float32Array;
  readonly #state = new Float32Array(STATE_LAYERS * STATE_SIZE);
  readonly #heard: number;
  /** Samples of the stream in one of the model's frames. */
  readonly #stride: number;
  #waiting: Int16Array = new Int16Array(0);
  #frames = 0;

  /** Throws a RangeError for a sample rate that cannot be converted. */
  static async open(opening: SileroOpening): Promise<SileroEar> {
    const rate = opening.sampleRate === 8_000 ? 8_000 : 16_000;
    const resampler = await createResampler({ from: opening.sampleRate, to: rate });
    return new SileroEar(opening, rate, resampler);
  }

  private constructor({ id, sampleRate, heard }: SileroOpening, rate: SileroRate, resampler: Resampler) {
    this.id = id;
    this.rate = rate;
    this.#resampler = resampler;
    this.#context = new Float32Array(contextSamples(rate));
    this.#heard = heard;
    this.#stride = (frameSamples(rate) * sampleRate) / rate;
  }

  push(samples: Int16Array): void {
    this.#waiting = concatPcm([this.#waiting, this.#resampler.process(samples)]);
  }

  /** Whether a whole frame waits. */
  get ready(): boolean {
    return this.#waiting.length >= frameSamples(this.rate);
  }

  /** Writes its next frame and its state into a batch. */
  write({ input, state, rows }: SileroBatch, row: number): void {
    const frame = frameSamples(this.rate);
    const context = this.#context.length;
    const target = input.subarray(row * (context + frame), (row + 1) * (context + frame));
    target.set(this.#context);
    floatFromPcm(this.#waiting.subarray(0, frame), target.subarray(context));
    this.#waiting = this.#waiting.subarray(frame);
    this.#context.set(target.subarray(frame));
    for (let layer = 0; layer < STATE_LAYERS; layer++) {
      state.set(this.#state.subarray(layer * STATE_SIZE, (layer + 1) * STATE_SIZE), (layer * rows + row) * STATE_SIZE);
    }
  }

  /** Takes its state back; returns where the frame ended, in the stream's own samples. */
  read({ state }: SileroResult, row: number): number {
    const rows = state.length / (STATE_LAYERS * STATE_SIZE);
    for (let layer = 0; layer < STATE_LAYERS; layer++) {
      const at = (layer * rows + row) * STATE_SIZE;
      this.#state.set(state.subarray(at, at + STATE_SIZE), layer * STATE_SIZE);
    }
    this.#frames += 1;
    return this.#heard + Math.round(this.#frames * this.#stride);
  }

  close(): void {
    this.#resampler.close();
  }
}
