import type { VadStreamOptions } from "../../../realtime/engine/types";
import type { SileroOpening } from "./protocol";
import type { SampleRing } from "./ring";

/** Further behind than `MOST_SECONDS`, a stream loses its oldest audio until no more than `KEPT_SECONDS` wait. */
const MOST_SECONDS = 600;
const KEPT_SECONDS = 300;

/** One stream outside the worker. What does not fit its ring, because the worker is late, waits here. */
export class SileroStream {
  readonly options: VadStreamOptions;
  readonly ring: SampleRing;
  /** Its name in the worker; another one after audio was dropped. */
  id: number;
  /** Samples that went into the ring, or were dropped. */
  #sent = 0;
  /** Samples that are done with: reported on, or dropped. */
  #heard = 0;
  #waiting: Int16Array[] = [];
  #waitingSamples = 0;

  constructor(id: number, ring: SampleRing, options: VadStreamOptions) {
    this.id = id;
    this.ring = ring;
    this.options = options;
  }

  /** Copies the samples: the caller reuses its memory. */
  push(samples: Int16Array): void {
    if (this.#waitingSamples === 0 && samples.length <= this.#room) {
      this.ring.write(samples);
      this.#sent += samples.length;
      return;
    }
    this.#waiting.push(samples.slice());
    this.#waitingSamples += samples.length;
    this.#refill();
  }

  /** The worker has reported on the stream up to there. Returns whether it got more samples of it now. */
  hear(endSample: number): boolean {
    this.#heard = endSample;
    if (this.#waitingSamples === 0) return false;
    this.#refill();
    return true;
  }

  /** How the worker is told of it: from where it was heard on, which is in the ring still. */
  get opening(): SileroOpening {
    const { id, ring, options } = this;
    const position = (ring.written - (this.#sent - this.#heard)) | 0;
    return { id, ring: ring.memory, position, heard: this.#heard, sampleRate: options.sampleRate };
  }

  get isTooFarBehind(): boolean {
    return this.#behind > MOST_SECONDS * this.options.sampleRate;
  }

  /** Drops the oldest audio; returns where the rest begins. The worker must be told of the stream anew. */
  skip(): number {
    const dropped = this.#behind - KEPT_SECONDS * this.options.sampleRate;
    // The ring holds the oldest: all of that goes.
    this.#takeWaiting(dropped - (this.#sent - this.#heard));
    this.#heard += dropped;
    this.#sent = this.#heard;
    this.#refill();
    return this.#heard;
  }

  /** Samples that nobody has reported on. */
  get #behind(): number {
    return this.#sent - this.#heard + this.#waitingSamples;
  }

  get #room(): number {
    return this.ring.room - (this.#sent - this.#heard);
  }

  #refill(): void {
    for (const part of this.#takeWaiting(this.#room)) {
      this.ring.write(part);
      this.#sent += part.length;
    }
  }

  /** Takes out so many samples of what waits, if there are so many. */
  #takeWaiting(samples: number): Int16Array[] {
    const taken: Int16Array[] = [];
    let missing = Math.min(samples, this.#waitingSamples);
    this.#waitingSamples -= missing;
    while (missing > 0) {
      const chunk = this.#waiting.shift()!;
      const part = chunk.subarray(0, missing);
      if (part.length < chunk.length) this.#waiting.unshift(chunk.subarray(missing));
      taken.push(part);
      missing -= part.length;
    }
    return taken;
  }
}
