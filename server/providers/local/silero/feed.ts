import { floatFromPcm } from "../../../realtime/audio/float";
import type { Speex, SpeexFilter } from "../../../realtime/audio/speex";
import { contextSamples, frameSamples, type SileroRate } from "./shape";

/** Aliases stay below −80 dB. */
const QUALITY = 3;

export interface FeedOptions {
  /** Rate of the stream. */
  readonly from: number;
  readonly to: SileroRate;
  readonly speex: Speex;
}

/** Brings a stretch of a stream to the model's rate and gives it out in the model's frames. Free it with `close`. */
export class ModelFeed {
  /** So many samples after its end make a frame complete. */
  readonly lookahead: number;
  readonly #filter: SpeexFilter | undefined;
  readonly #frame: number;
  readonly #context: number;
  /** The context of the next frame, then its samples as far as they are there. */
  readonly #waiting: Float32Array<ArrayBuffer>;
  /** The part of it that goes to the model. */
  readonly #next: Float32Array<ArrayBuffer>;
  #length: number;
  #surplus = 0;

  constructor({ from, to, speex }: FeedOptions) {
    this.#frame = frameSamples(to);
    this.#context = contextSamples(to);
    this.#waiting = new Float32Array(this.#context + 3 * this.#frame);
    this.#next = this.#waiting.subarray(0, this.#context + this.#frame);
    this.#length = this.#context;
    this.#filter = from === to ? undefined : speex.createFilter({ from, to, quality: QUALITY });
    this.lookahead = this.#filter === undefined ? 0 : this.#filter.lookahead + Math.ceil(from / to);
  }

  /**
   * Begins a new stretch, `lead` samples (of the model's) before the frame that matters. Returns how many frames come
   * before that one; what is left of the lead is context, and a run-up for the filter.
   */
  restart(lead: number): number {
    this.#filter?.reset();
    this.#length = this.#context;
    this.#waiting.fill(0, 0, this.#context);
    this.#surplus = lead % this.#frame;
    return Math.floor(lead / this.#frame);
  }

  push(samples: Int16Array): void {
    if (this.#filter) this.#length += this.#filter.runInto(samples, this.#waiting, this.#length);
    else {
      floatFromPcm(samples, this.#waiting, this.#length);
      this.#length += samples.length;
    }
    const surplus = Math.min(this.#surplus, this.#length);
    this.#forget(surplus);
    this.#surplus -= surplus;
  }

  /** Whether a frame is complete. */
  get ready(): boolean {
    return this.#length >= this.#context + this.#frame;
  }

  /** Writes context and frame into `target`, from `at` on. */
  take(target: Float32Array, at: number): void {
    target.set(this.#next, at);
    this.#forget(this.#frame);
  }

  close(): void {
    this.#filter?.destroy();
  }

  #forget(samples: number): void {
    this.#waiting.copyWithin(0, samples, this.#length);
    this.#length -= samples;
  }
}
