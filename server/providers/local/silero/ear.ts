import type { Speex } from "../../../realtime/audio/speex";
import { ModelFeed } from "./feed";
import { EnergyGate } from "./gate";
import type { SileroBatch, SileroResult } from "./model";
import { CERTAIN, FAINT, type SileroOpening } from "./protocol";
import type { ReportMaker } from "./report";
import { samplesBetween, SampleRing } from "./ring";
import { contextSamples, frameSamples, STATE_SIZE, type SileroRate } from "./shape";

export interface EarOptions {
  readonly speex: Speex;
  /** Whether the model is spared what is no louder than the background. */
  readonly gate: boolean;
  /** Streams of 8 kHz are heard by the model's own form for that rate. */
  readonly narrow: boolean;
  /** Its frames are told there. */
  readonly report: ReportMaker;
}

/** So sure of speech, the model means speech: a click or a knock never reaches it. */
const SURE = 0.9;

/** What the model hears of the time before the gate opened, so that it is warm: a frame, its context and a run-up. */
const PRE_ROLL_SECONDS = 0.04;

/**
 * One stream inside the worker: cuts it into frames, lets the gate decide which of them the model hears, and keeps the
 * model's memory of it. A frame that the gate keeps back costs no more than a look at its samples.
 */
export class SileroEar {
  readonly id: number;
  readonly rate: SileroRate;
  readonly #opening: SileroOpening;
  readonly #report: ReportMaker;
  readonly #ring: SampleRing;
  readonly #gate: EnergyGate | undefined;
  readonly #feed: ModelFeed;
  readonly #state = new Float32Array(STATE_SIZE);
  /** Samples of the stream in one of the model's frames. */
  readonly #stride: number;
  #open = false;
  /** Frames of which the gate has decided. */
  #frames = 0;
  /** How far the feed has been given the stream: ahead of the frames by its lookahead. */
  #fed = 0;
  /** Frames in the feed that only warm the model up. */
  #warming = 0;

  /** Throws when the resampler finds no memory. */
  constructor(opening: SileroOpening, { speex, gate, narrow, report }: EarOptions) {
    const { id, sampleRate, ring } = opening;
    this.id = id;
    this.rate = narrow && sampleRate === 8_000 ? 8_000 : 16_000;
    this.#opening = opening;
    this.#report = report;
    this.#ring = new SampleRing(ring, sampleRate);
    this.#gate = gate ? new EnergyGate() : undefined;
    this.#feed = new ModelFeed({ from: sampleRate, to: this.rate, speex });
    this.#stride = (frameSamples(this.rate) * sampleRate) / this.rate;
  }

  /** Goes through the samples that are there, up to the next frame for the model; false when none is complete. */
  prepare(): boolean {
    while (!this.#feed.ready) {
      const start = this.#startOf(this.#frames);
      const end = this.#startOf(this.#frames + 1);
      if (samplesBetween(this.#positionOf(start), this.#ring.written) < end - start + this.#feed.lookahead)
        return false;
      const heard = this.#gate?.admits(this.#read(start, end)) ?? true;
      this.#frames += 1;
      if (heard) this.#hear(start, end);
      else this.#skip(end);
    }
    return true;
  }

  /** Writes its next frame and its state into a batch. */
  write({ input, state }: SileroBatch, row: number): void {
    const width = contextSamples(this.rate) + frameSamples(this.rate);
    this.#feed.take(input, row * width);
    state.set(this.#state, row * STATE_SIZE);
  }

  /** Takes its state back, and what the model said. */
  read({ state, probabilities }: SileroResult, row: number): void {
    for (let at = 0; at < STATE_SIZE; at++) this.#state[at] = state[row * STATE_SIZE + at]!;
    const said = probabilities[row]!;
    const probability = this.#gate?.judge(said) ?? said;
    if (this.#warming > 0) this.#warming -= 1;
    else {
      const marks = (probability >= SURE ? CERTAIN : 0) + (this.#gate?.isFaint === true ? FAINT : 0);
      this.#tell(this.#startOf(this.#frames), probability, marks);
    }
  }

  close(): void {
    this.#feed.close();
  }

  #hear(start: number, end: number): void {
    if (!this.#open) {
      this.#fed = Math.max(0, start - Math.round(PRE_ROLL_SECONDS * this.#opening.sampleRate));
      this.#warming = this.#feed.restart(Math.round(((start - this.#fed) * this.rate) / this.#opening.sampleRate));
      this.#open = true;
    }
    const until = end + this.#feed.lookahead;
    this.#feed.push(this.#read(this.#fed, until));
    this.#fed = until;
  }

  #skip(end: number): void {
    this.#open = false;
    this.#tell(end, 0, FAINT);
  }

  #tell(end: number, probability: number, marks: number): void {
    this.#report.add(this.id, { endSample: this.#opening.heard + end, probability, marks });
  }

  /** Where a frame begins, in samples since this ear was opened. */
  #startOf(frame: number): number {
    return Math.round(frame * this.#stride);
  }

  #positionOf(sample: number): number {
    return (this.#opening.position + sample) | 0;
  }

  #read(from: number, to: number): Int16Array {
    return this.#ring.read(this.#positionOf(from), to - from);
  }
}
