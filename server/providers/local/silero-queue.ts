import type { VadStreamOptions } from "../../realtime/engine/types";

/** At most this much of one stream goes into one message, so that nobody waits for somebody else's recording. */
const TAKE_SECONDS = 1;
/** A stream that is further behind than this will not catch up. */
const BACKLOG_SECONDS = 600;

/** One stream outside the worker: keeps its samples until the worker has heard them. */
export class SileroQueue {
  readonly id: number;
  readonly options: VadStreamOptions;
  /** Samples that the worker has heard. */
  heard = 0;
  #chunks: Int16Array[] = [];
  #waiting = 0;
  #taken = 0;

  constructor(id: number, options: VadStreamOptions) {
    this.id = id;
    this.options = options;
  }

  /** Copies the samples: the caller reuses its memory. */
  push(samples: Int16Array): void {
    this.#chunks.push(samples.slice());
    this.#waiting += samples.length;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  get isTooLong(): boolean {
    return this.#waiting > BACKLOG_SECONDS * this.options.sampleRate;
  }

  /** What goes into the next message; `confirm` or `putBack` must follow before the next `take`. */
  take(): Int16Array[] {
    const taken: Int16Array[] = [];
    let room = Math.max(1, TAKE_SECONDS * this.options.sampleRate);
    for (const chunk of this.#chunks) {
      if (room === 0) break;
      const part = chunk.subarray(0, room);
      taken.push(part);
      room -= part.length;
      this.#taken += part.length;
    }
    return taken;
  }

  /** The worker has heard what was taken. */
  confirm(): void {
    this.heard += this.#taken;
    this.#waiting -= this.#taken;
    while (this.#taken > 0) {
      const first = this.#chunks[0]!;
      if (first.length <= this.#taken) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(this.#taken);
      this.#taken -= Math.min(this.#taken, first.length);
    }
  }

  /** The worker died over it: it will be taken again. */
  putBack(): void {
    this.#taken = 0;
  }
}
