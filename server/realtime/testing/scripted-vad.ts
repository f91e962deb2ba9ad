import type { VadStream, VadStreamOptions, VoiceActivityDetector } from "../engine/types";

const FRAME_MS = 32;

export interface ScriptedVadOptions {
  /**
   * When somebody speaks: `[fromMs, toMs]` spans counted from a stream's first sample, or a function that gives the
   * probability for the middle of each frame. Default: by loudness.
   */
  readonly speech?: readonly (readonly [number, number])[] | ((atMs: number) => number);
  /** Without `speech`: root mean square, 0–1 of full scale, from which a frame counts as speech. Default 0.02. */
  readonly loudness?: number;
  /** How long after `push` the frames are reported: in a microtask (default) or with setImmediate. */
  readonly deliver?: "microtask" | "immediate";
  /** Reports this error once so many milliseconds were pushed; no frames after it. */
  readonly failAt?: { readonly ms: number; readonly error: Error };
}

/** What one stream was given. */
export interface ScriptedVadStream {
  readonly sampleRate: number;
  readonly pushedSamples: number;
  readonly closed: boolean;
}

export interface ScriptedVad extends VoiceActivityDetector {
  readonly streams: readonly ScriptedVadStream[];
}

/** A detector that is sure of itself: 1 inside of speech, 0 outside. */
export function scriptedVad(options: ScriptedVadOptions = {}): ScriptedVad {
  const streams: ScriptedVadStream[] = [];
  return {
    name: "scripted",
    streams,
    open(stream) {
      const opened = new Stream(stream, options);
      streams.push(opened);
      return opened;
    },
  };
}

class Stream implements VadStream, ScriptedVadStream {
  readonly sampleRate: number;
  pushedSamples = 0;
  closed = false;
  readonly #stream: VadStreamOptions;
  readonly #options: ScriptedVadOptions;
  readonly #frameSamples: number;
  readonly #reports: (() => void)[] = [];
  #squares = 0;

  constructor(stream: VadStreamOptions, options: ScriptedVadOptions) {
    this.#stream = stream;
    this.#options = options;
    this.sampleRate = stream.sampleRate;
    this.#frameSamples = Math.round((stream.sampleRate * FRAME_MS) / 1000);
  }

  push(samples: Int16Array): void {
    if (this.closed) return;
    for (const sample of samples) {
      this.#squares += sample * sample;
      this.pushedSamples++;
      if (this.pushedSamples % this.#frameSamples === 0) this.#endFrame(this.pushedSamples);
    }
    this.#deliver();
  }

  close(): void {
    this.closed = true;
  }

  #endFrame(endSample: number): void {
    const probability = this.#probability(endSample);
    this.#squares = 0;
    const { failAt } = this.#options;
    if (failAt && (endSample * 1000) / this.sampleRate >= failAt.ms) {
      this.#reports.push(() => {
        this.closed = true;
        this.#stream.onError(failAt.error);
      });
    } else {
      this.#reports.push(() => this.#stream.onFrame({ endSample, probability }));
    }
  }

  #probability(endSample: number): number {
    const { speech, loudness = 0.02 } = this.#options;
    const middle = ((endSample - this.#frameSamples / 2) * 1000) / this.sampleRate;
    if (typeof speech === "function") return speech(middle);
    if (speech) return speech.some(([from, to]) => middle >= from && middle < to) ? 1 : 0;
    return Math.sqrt(this.#squares / this.#frameSamples) / 32_768 >= loudness ? 1 : 0;
  }

  #deliver(): void {
    if (this.#reports.length === 0) return;
    const flush = (): void => {
      for (const report of this.#reports.splice(0)) if (!this.closed) report();
    };
    if (this.#options.deliver === "immediate") setImmediate(flush);
    else queueMicrotask(flush);
  }
}
