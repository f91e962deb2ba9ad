/** Bytes before the samples: how many were written, modulo 2³². */
const HEADER_BYTES = 8;
const WRITTEN = 0;
const MIN_SECONDS = 0.5;
/** How far back the reader may still look from where the writer believes it to be. */
const HISTORY_MS = 50;

/** What was read last across the end of a ring. Readers are done with it before they read again: they share it. */
let scratch = new Int16Array(4_096);

/**
 * Samples on their way from one thread to another, in shared memory: one side writes, the other reads, nobody waits.
 * Positions are samples since the ring was made, modulo 2³²; subtract them with `samplesBetween`.
 */
export class SampleRing {
  readonly memory: SharedArrayBuffer;
  /** Samples that may be unread at a time; what lies `HISTORY_MS` before them stays readable. */
  readonly room: number;
  readonly #header: Int32Array;
  readonly #samples: Int16Array;
  readonly #mask: number;

  /** Room for half a second at least. */
  static forRate(sampleRate: number): SampleRing {
    const capacity = 2 ** Math.ceil(Math.log2(sampleRate * MIN_SECONDS));
    return new SampleRing(new SharedArrayBuffer(HEADER_BYTES + capacity * Int16Array.BYTES_PER_ELEMENT), sampleRate);
  }

  constructor(memory: SharedArrayBuffer, sampleRate: number) {
    this.memory = memory;
    this.#header = new Int32Array(memory, 0, 1);
    this.#samples = new Int16Array(memory, HEADER_BYTES);
    this.#mask = this.#samples.length - 1;
    this.room = this.#samples.length - Math.ceil((sampleRate * HISTORY_MS) / 1000);
  }

  /** Where the next sample will lie. */
  get written(): number {
    return Atomics.load(this.#header, WRITTEN);
  }

  /** The writer sees to it that there is room. */
  write(samples: Int16Array): void {
    const written = this.written;
    const at = written & this.#mask;
    const fits = this.#samples.length - at;
    if (samples.length <= fits) this.#samples.set(samples, at);
    else {
      this.#samples.set(samples.subarray(0, fits), at);
      this.#samples.set(samples.subarray(fits), 0);
    }
    Atomics.store(this.#header, WRITTEN, (written + samples.length) | 0);
  }

  /** What lies from `position` on: valid until the next `read` of any ring in this thread, or until it is written over. */
  read(position: number, length: number): Int16Array {
    const at = position & this.#mask;
    const first = this.#samples.subarray(at, at + length);
    if (first.length === length) return first;
    if (scratch.length < length) scratch = new Int16Array(length);
    scratch.set(first);
    scratch.set(this.#samples.subarray(0, length - first.length), first.length);
    return scratch.subarray(0, length);
  }
}

export function samplesBetween(from: number, to: number): number {
  return (to - from) | 0;
}
