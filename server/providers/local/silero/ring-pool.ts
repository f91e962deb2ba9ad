import { SampleRing } from "./ring";

/** About 32 MB of rings for 24 kHz. */
const MOST_IDLE = 1_000;

/** Keeps rings for the next streams: shared memory is not in the garbage collector's reckoning, so it would pile up. */
export class RingPool {
  readonly #idle = new Map<number, SampleRing[]>();

  take(sampleRate: number): SampleRing {
    return this.#idle.get(sampleRate)?.pop() ?? SampleRing.forRate(sampleRate);
  }

  giveBack(ring: SampleRing, sampleRate: number): void {
    const idle = this.#idle.get(sampleRate) ?? [];
    this.#idle.set(sampleRate, idle);
    if (idle.length < MOST_IDLE) idle.push(ring);
  }
}
