import { concatPcm } from "../../realtime/audio/pcm";
import { loadResamplers, type Resampler } from "../../realtime/audio/resample";
import type { NoiseStream, NoiseStreamOptions, NoiseSuppressor } from "../../realtime/engine/types";
import { resolvePackage } from "./optional-package";
import { loadRnnoise, RNNOISE_FRAME, RNNOISE_PACKAGE, RNNOISE_RATE, type RnnoiseState } from "./rnnoise-wasm";
import { LowEnd } from "./rnnoise-lows";
import { SpeechGain } from "./speech-gain";

/** Far from the microphone, soft speech is amplified by up to so much at full strength: 12 dB. */
const FAR_GAIN = 4;
/** A frame that fills, and one that waits for the next. */
const FRAMES_MS = 20;
/** What both resamplers look ahead, at most: samples of the lower rate. */
const FILTER_SAMPLES = 50;

/** Nothing is taken away. */
const PASS_THROUGH: NoiseStream = {
  delaySamples: 0,
  process: (samples) => samples.slice(),
  flush: () => new Int16Array(0),
  close() {},
};

/**
 * Noise reduction by RNNoise, in the caller's thread: about 2 % of a core for each stream in real time. Takes rates from
 * 1000 to 48000 Hz. `near_field` mixes cleaned and original audio by `strength`; `far_field` cleans more at the same
 * strength and brings soft speech nearer, by up to 12 dB.
 *
 * Rejects when the package `@echogarden/rnnoise-wasm` is not installed.
 */
export async function createRnnoise(): Promise<NoiseSuppressor> {
  resolvePackage(RNNOISE_PACKAGE, "Noise reduction");
  const [rnnoise, createResampler] = await Promise.all([loadRnnoise(), loadResamplers()]);
  return {
    name: "rnnoise",
    open(options) {
      const { sampleRate, strength } = options;
      if (!(sampleRate <= RNNOISE_RATE)) {
        throw new RangeError(`RNNoise takes sample rates up to ${RNNOISE_RATE} Hz, not ${sampleRate}.`);
      }
      if (!(strength >= 0 && strength <= 1)) {
        throw new RangeError(`The strength of noise reduction is a number from 0 to 1, not ${strength}.`);
      }
      if (strength === 0) return PASS_THROUGH;
      // The resamplers first: they throw for rates that cannot be, and a state would stay behind.
      const up = createResampler({ from: sampleRate, to: RNNOISE_RATE });
      const down = createResampler({ from: RNNOISE_RATE, to: sampleRate });
      return new RnnoiseStream(new FrameCleaner(rnnoise.createState(), options), { up, down, sampleRate });
    },
  };
}

/** Cleans frames; each comes out with the frame after it. */
class FrameCleaner {
  readonly #state: RnnoiseState;
  readonly #cleaned: number;
  readonly #gain: SpeechGain | undefined;
  readonly #lows = new LowEnd();
  readonly #before = new Float32Array(RNNOISE_FRAME);
  readonly #now = new Float32Array(RNNOISE_FRAME);

  constructor(state: RnnoiseState, { strength, type }: NoiseStreamOptions) {
    this.#state = state;
    this.#cleaned = type === "far_field" ? 1 - (1 - strength) ** 2 : strength;
    this.#gain = type === "far_field" ? new SpeechGain(FAR_GAIN ** strength) : undefined;
  }

  /** Puts the cleaned frame before this one in its place. */
  process(frame: Float32Array): void {
    this.#now.set(frame);
    const speech = this.#state.process(frame);
    this.#lows.restore(frame);
    const original = 1 - this.#cleaned;
    if (original > 0) {
      for (let i = 0; i < frame.length; i++) frame[i] = this.#cleaned * frame[i]! + original * this.#before[i]!;
    }
    this.#gain?.apply(frame, speech);
    this.#before.set(this.#now);
  }

  close(): void {
    this.#state.destroy();
  }
}

interface Rates {
  readonly up: Resampler;
  readonly down: Resampler;
  readonly sampleRate: number;
}

class RnnoiseStream implements NoiseStream {
  readonly delaySamples: number;
  readonly #cleaner: FrameCleaner;
  readonly #rates: Rates;
  readonly #frame = new Float32Array(RNNOISE_FRAME);
  #filled = 0;
  /** Samples at RNNoise's rate that are still to come out. */
  #owed = 0;
  /** Samples that come out next and belong to nothing that went in: the frame before the first. */
  #skip = RNNOISE_FRAME;
  #closed = false;

  constructor(cleaner: FrameCleaner, rates: Rates) {
    this.#cleaner = cleaner;
    this.#rates = rates;
    const filters = rates.sampleRate === RNNOISE_RATE ? 0 : FILTER_SAMPLES;
    this.delaySamples = Math.ceil((rates.sampleRate * FRAMES_MS) / 1000) + filters;
  }

  process(samples: Int16Array): Int16Array {
    this.#requireOpen();
    return this.#rates.down.process(this.#clean(this.#rates.up.process(samples)));
  }

  flush(): Int16Array {
    this.#requireOpen();
    const { up, down } = this.#rates;
    const rest = this.#clean(up.flush());
    // Zeros to the end of a frame, and one more frame of them, bring out everything that went in.
    const owed = this.#owed;
    const last = this.#clean(new Int16Array(2 * RNNOISE_FRAME - this.#filled)).subarray(0, owed);
    this.#owed = 0;
    this.#skip = RNNOISE_FRAME;
    return concatPcm([down.process(concatPcm([rest, last])), down.flush()]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cleaner.close();
    this.#rates.up.close();
    this.#rates.down.close();
  }

  /** All frames that these samples complete, cleaned. */
  #clean(samples: Int16Array): Int16Array {
    this.#owed += samples.length;
    const frames = Math.floor((this.#filled + samples.length) / RNNOISE_FRAME);
    const cleaned = new Int16Array(frames * RNNOISE_FRAME);
    let taken = 0;
    for (let frame = 0; frame < frames; frame++) {
      taken += this.#fill(samples, taken);
      this.#cleaner.process(this.#frame);
      write(this.#frame, cleaned.subarray(frame * RNNOISE_FRAME));
      this.#filled = 0;
    }
    this.#fill(samples, taken);
    const output = cleaned.subarray(Math.min(this.#skip, cleaned.length));
    this.#skip -= cleaned.length - output.length;
    this.#owed -= output.length;
    return output;
  }

  /** Adds samples to the frame until it is full; returns how many. */
  #fill(samples: Int16Array, from: number): number {
    const count = Math.min(samples.length - from, RNNOISE_FRAME - this.#filled);
    for (let i = 0; i < count; i++) this.#frame[this.#filled + i] = samples[from + i]!;
    this.#filled += count;
    return count;
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error("This noise reduction is closed.");
  }
}

function write(values: Float32Array, target: Int16Array): void {
  for (let i = 0; i < values.length; i++) {
    target[i] = Math.max(-32_768, Math.min(32_767, Math.round(values[i]!)));
  }
}
