import { concatPcm, isSampleRate, type Pcm } from "./pcm";
import { loadSpeex, type SpeexFilter } from "./speex";

export interface ResamplerOptions {
  /** Samples per second that come in, 1000 to 384000. */
  readonly from: number;
  /** Samples per second that go out, 1000 to 384000. */
  readonly to: number;
  /** 0 (fastest) to 10 (best). Default 3: aliases below −80 dB, flat to 3/4 of the band. */
  readonly quality?: number;
}

/**
 * Converts a stream chunk by chunk; how it is cut into chunks changes nothing. The output is aligned in time with the
 * input: the filter's delay (1 to 3 ms for speech rates) shows only as output that comes with a later chunk, or `flush`.
 */
export interface Resampler {
  /** What is ready after these samples, in memory of its own; may be empty. Throws after `close`. */
  process(samples: Int16Array): Int16Array;
  /**
   * Ends the stream: the rest, so that all output together has round(input × to / from) samples. The next `process`
   * begins a new stream. Throws after `close`.
   */
  flush(): Int16Array;
  /** Frees the filter, which the garbage collector cannot do. Calling it again does nothing. */
  close(): void;
}

const DEFAULT_QUALITY = 3;

const PASS_THROUGH: Resampler = {
  process: (samples) => samples.slice(),
  flush: () => new Int16Array(0),
  close() {},
};

/**
 * Makes a streaming resampler; equal rates pass through and need no `close`. Throws a RangeError for a rate or quality
 * out of range.
 */
export async function createResampler(options: ResamplerOptions): Promise<Resampler> {
  checkOptions(options);
  return options.from === options.to ? PASS_THROUGH : (await loadResamplers())(options);
}

/** `createResampler` for those who cannot wait each time: loads the filter once, and then makes resamplers at once. */
export async function loadResamplers(): Promise<(options: ResamplerOptions) => Resampler> {
  const speex = await loadSpeex();
  return (options) => {
    checkOptions(options);
    const { from, to, quality = DEFAULT_QUALITY } = options;
    return from === to ? PASS_THROUGH : new StreamingResampler(speex.createFilter({ from, to, quality }), from, to);
  };
}

/** A whole recording at another rate, as long as before. The same object when the rate is right already. */
export async function resampleAll(pcm: Pcm, to: number): Promise<Pcm> {
  if (pcm.sampleRate === to) return pcm;
  const resampler = await createResampler({ from: pcm.sampleRate, to });
  try {
    const body = resampler.process(pcm.samples);
    return { samples: concatPcm([body, resampler.flush()]), sampleRate: to };
  } finally {
    resampler.close();
  }
}

class StreamingResampler implements Resampler {
  private filter: SpeexFilter | undefined;
  private taken = 0;
  private given = 0;

  constructor(
    filter: SpeexFilter,
    private readonly from: number,
    private readonly to: number,
  ) {
    this.filter = filter;
  }

  process(samples: Int16Array): Int16Array {
    const output = run(this.open(), samples);
    this.taken += samples.length;
    this.given += output.length;
    return output;
  }

  flush(): Int16Array {
    const filter = this.open();
    const missing = Math.round((this.taken * this.to) / this.from) - this.given;
    // Zeros for the whole lookahead always yield enough, and at most one sample too many.
    const tail = run(filter, new Int16Array(filter.lookahead)).slice(0, missing);
    filter.reset();
    this.taken = 0;
    this.given = 0;
    return tail;
  }

  close(): void {
    this.filter?.destroy();
    this.filter = undefined;
  }

  private open(): SpeexFilter {
    if (!this.filter) throw new Error("This resampler is closed.");
    return this.filter;
  }
}

function run(filter: SpeexFilter, samples: Int16Array): Int16Array {
  const chunks = filter.run(samples);
  return chunks.length === 1 ? chunks[0]! : concatPcm(chunks);
}

function checkOptions({ from, to, quality = DEFAULT_QUALITY }: ResamplerOptions): void {
  for (const rate of [from, to]) {
    if (!isSampleRate(rate)) {
      throw new RangeError(`A sample rate of ${rate} Hz is not a whole number from 1000 to 384000.`);
    }
  }
  if (!Number.isInteger(quality) || quality < 0 || quality > 10) {
    throw new RangeError(`A resampling quality of ${quality} is not a whole number from 0 to 10.`);
  }
}
