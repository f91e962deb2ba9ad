import { concatPcm, isSampleRate, type Pcm } from "./pcm";

export interface StretcherOptions {
  /** Samples per second, 1000 to 384000. */
  readonly sampleRate: number;
  /** How fast, 0.25–1.5: at 0.5 everything takes twice as long. */
  readonly speed: number;
}

/** Changes how fast speech goes and not how high it sounds. How it is cut into chunks changes nothing. */
export interface Stretcher {
  /** What is ready after these samples, in memory of its own; may be empty. */
  process(samples: Int16Array): Int16Array;
  /** Ends the stream: the rest, so that round(input / speed) samples came out in all. The next `process` begins a new one. */
  flush(): Int16Array;
}

/** Makes a stretcher; at speed 1 everything passes through. Throws a RangeError for a rate or speed out of range. */
export function createStretcher({ sampleRate, speed }: StretcherOptions): Stretcher {
  if (!isSampleRate(sampleRate)) {
    throw new RangeError(`A sample rate of ${sampleRate} Hz is not a whole number from 1000 to 384000.`);
  }
  if (!(speed >= 0.25 && speed <= 1.5)) throw new RangeError(`A speed of ${speed} is not a number from 0.25 to 1.5.`);
  if (speed === 1) return { process: (samples) => samples.slice(), flush: () => new Int16Array(0) };
  return new OverlapStretcher(sampleRate, speed);
}

/** A stream of audio at another speed. Where its sample rate changes, a new stretch begins. */
export async function* stretched(source: AsyncIterable<Pcm>, speed: number): AsyncGenerator<Pcm, void> {
  let current: { readonly sampleRate: number; readonly stretcher: Stretcher } | undefined;
  const rest = (): Pcm[] => {
    if (current === undefined) return [];
    const samples = current.stretcher.flush();
    return samples.length === 0 ? [] : [{ samples, sampleRate: current.sampleRate }];
  };
  for await (const { samples, sampleRate } of source) {
    if (current?.sampleRate !== sampleRate) {
      yield* rest();
      current = { sampleRate, stretcher: createStretcher({ sampleRate, speed }) };
    }
    const ready = current.stretcher.process(samples);
    if (ready.length > 0) yield { samples: ready, sampleRate };
  }
  yield* rest();
}

/** The output is made of pieces of this length, each faded into the next over all of it. */
const PIECE_MS = 15;
/** How far from its due place a piece may be taken: together a full period of a voice of 50 Hz. */
const REACH_MS = 10;
/** Similarity is first judged on a grid about as coarse as this rate. */
const COARSE_RATE = 8_000;

/**
 * WSOLA: waveform-similarity overlap-add. Each piece of output fades from what would have followed the piece before to
 * audio from about the due place, taken exactly where the two are most alike: so periods of the voice join unbroken.
 */
class OverlapStretcher implements Stretcher {
  readonly #piece: number;
  readonly #reach: number;
  readonly #stride: number;
  readonly #fade: Float64Array;
  /** Input that is still needed; its first sample is number `#from` of the stream. */
  #input: Int16Array = new Int16Array(0);
  #from = 0;
  #pieces = 0;
  /** Where in the input the last piece's continuation begins. */
  #next = 0;

  constructor(
    sampleRate: number,
    private readonly speed: number,
  ) {
    this.#piece = Math.round((sampleRate * PIECE_MS) / 1000);
    this.#reach = Math.round((sampleRate * REACH_MS) / 1000);
    this.#stride = Math.max(1, Math.round(sampleRate / COARSE_RATE));
    this.#fade = Float64Array.from(
      { length: this.#piece },
      (_, i) => Math.sin(((i + 0.5) / this.#piece) * (Math.PI / 2)) ** 2,
    );
  }

  process(samples: Int16Array): Int16Array {
    this.#input = concatPcm([this.#input, samples]);
    const ready: Int16Array[] = [];
    while (this.#needed <= this.#end) ready.push(this.#take());
    this.#forget();
    return concatPcm(ready);
  }

  flush(): Int16Array {
    const missing = Math.round(this.#end / this.speed) - this.#pieces * this.#piece;
    const ready: Int16Array[] = [];
    for (let made = 0; made < missing; made += this.#piece) {
      this.#input = concatPcm([this.#input, new Int16Array(Math.max(0, this.#needed - this.#end))]);
      ready.push(this.#take());
    }
    this.#input = new Int16Array(0);
    this.#from = 0;
    this.#pieces = 0;
    this.#next = 0;
    return concatPcm(ready).subarray(0, Math.max(0, missing));
  }

  /** How much of the stream has come. */
  get #end(): number {
    return this.#from + this.#input.length;
  }

  /** Where the next piece is due in the input. */
  get #due(): number {
    return Math.round(this.#pieces * this.#piece * this.speed);
  }

  /** How much of the stream must have come before the next piece can be made. */
  get #needed(): number {
    return Math.max(this.#due + this.#reach, this.#next) + this.#piece;
  }

  #take(): Int16Array {
    const old = this.#input.subarray(this.#next - this.#from);
    const place = this.#pieces === 0 ? 0 : this.#mostAlike(old);
    const fresh = this.#input.subarray(place - this.#from);
    const output = new Int16Array(this.#piece);
    for (let i = 0; i < output.length; i++) {
      const share = this.#fade[i]!;
      output[i] = Math.round(old[i]! + share * (fresh[i]! - old[i]!));
    }
    this.#pieces += 1;
    this.#next = place + this.#piece;
    return output;
  }

  /** The place within reach of the due one where the input is most like `old`; the due place when all are alike. */
  #mostAlike(old: Int16Array): number {
    const least = Math.max(0, this.#due - this.#reach);
    const most = this.#due + this.#reach;
    const coarse = this.#search(old, { centre: this.#due, least, most, stride: this.#stride });
    if (this.#stride === 1) return coarse;
    const near = this.#stride - 1;
    const around = { least: Math.max(least, coarse - near), most: Math.min(most, coarse + near) };
    return this.#search(old, { centre: coarse, ...around, stride: 1 });
  }

  #search(old: Int16Array, { centre, least, most, stride }: Range): number {
    let best = centre;
    let highest = this.#likeness(old, centre, stride);
    for (let away = stride; centre - away >= least || centre + away <= most; away += stride) {
      for (const place of [centre - away, centre + away]) {
        if (place < least || place > most) continue;
        const likeness = this.#likeness(old, place, stride);
        if (likeness <= highest) continue;
        highest = likeness;
        best = place;
      }
    }
    return best;
  }

  /** Correlation over one piece, regardless of how loud the audio at `place` is. */
  #likeness(old: Int16Array, place: number, stride: number): number {
    const at = place - this.#from;
    let product = 0;
    let power = 1;
    for (let i = 0; i < this.#piece; i += stride) {
      const sample = this.#input[at + i]!;
      product += sample * old[i]!;
      power += sample * sample;
    }
    return product / Math.sqrt(power);
  }

  #forget(): void {
    const needed = Math.max(0, Math.min(this.#next, this.#due - this.#reach));
    const gone = Math.min(this.#input.length, needed - this.#from);
    this.#input = this.#input.slice(gone);
    this.#from += gone;
  }
}

interface Range {
  readonly centre: number;
  readonly least: number;
  readonly most: number;
  readonly stride: number;
}
