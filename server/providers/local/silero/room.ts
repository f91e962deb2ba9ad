import type { Speex } from "../../../realtime/audio/speex";
import { SileroEar } from "./ear";
import type { SileroBatch, SileroModel } from "./model";
import type { SileroNews, SileroOpening, SileroReport, SileroSettings } from "./protocol";
import { ReportMaker } from "./report";
import { contextSamples, frameSamples, STATE_SIZE, type SileroRate } from "./shape";

/** Frames are collected for so long before they run together. */
const FLUSH_MS = 8;
/** A call takes about so long at most: whoever calls has other things to say too. */
const CALL_MS = 50;
const RATES: readonly SileroRate[] = [16_000, 8_000];

export interface RoomOptions extends Pick<SileroSettings, "gate" | "batch" | "narrow"> {
  readonly model: SileroModel;
  readonly speex: Speex;
}

/** All streams of the worker. Whatever frames of several streams are ready run through the model together. */
export class SileroRoom {
  readonly #options: RoomOptions;
  readonly #ears = new Map<number, SileroEar>();
  readonly #report = new ReportMaker();
  readonly #batches: Readonly<Record<SileroRate, Batches>>;
  #flushAt = 0;
  #more = false;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#batches = { 8_000: new Batches(8_000, options.batch), 16_000: new Batches(16_000, options.batch) };
  }

  /** Streams that are open. */
  get size(): number {
    return this.#ears.size;
  }

  /** One at a time: the caller waits for the report before it calls again. */
  async hear({ closed, opened }: SileroNews): Promise<SileroReport> {
    for (const id of closed) this.#close(id);
    for (const opening of opened) this.#open(opening);
    if (!this.#more) await sleep(this.#flushAt - performance.now());
    const begun = performance.now();
    this.#flushAt = begun + FLUSH_MS;
    let ears: Iterable<SileroEar> = this.#ears.values();
    do {
      const ready = await this.#round(ears);
      this.#more = ready.length > 0;
      // The others had none a moment ago.
      ears = ready;
    } while (this.#more && performance.now() < begun + CALL_MS);
    return this.#report.take(this.#more);
  }

  #open(opening: SileroOpening): void {
    const { speex, gate, narrow } = this.#options;
    try {
      this.#ears.set(opening.id, new SileroEar(opening, { speex, gate, narrow, report: this.#report }));
    } catch (error) {
      this.#report.fail(opening.id, error);
    }
  }

  #close(id: number): void {
    this.#ears.get(id)?.close();
    this.#ears.delete(id);
  }

  /** One frame of each of these streams that has one for the model. Returns those. */
  async #round(ears: Iterable<SileroEar>): Promise<readonly SileroEar[]> {
    const ready: SileroEar[] = [];
    for (const ear of ears) if (ear.prepare()) ready.push(ear);
    for (const rate of RATES) {
      const together = ready.filter((ear) => ear.rate === rate);
      for (let at = 0; at < together.length; at += this.#options.batch) {
        await this.#run(rate, together.slice(at, at + this.#options.batch));
      }
    }
    return ready;
  }

  async #run(rate: SileroRate, ears: readonly SileroEar[]): Promise<void> {
    const batch = this.#batches[rate].of(ears.length);
    for (let row = 0; row < ears.length; row++) ears[row]!.write(batch, row);
    const result = await this.#options.model(batch);
    for (let row = 0; row < ears.length; row++) ears[row]!.read(result, row);
  }
}

/** Batches of one rate, for every number of rows one, all in the same memory: they run one after the other. */
class Batches {
  readonly #rate: SileroRate;
  readonly #input: Float32Array<ArrayBuffer>;
  readonly #state: Float32Array<ArrayBuffer>;
  readonly #made: SileroBatch[] = [];

  constructor(rate: SileroRate, most: number) {
    this.#rate = rate;
    this.#input = new Float32Array(most * (contextSamples(rate) + frameSamples(rate)));
    this.#state = new Float32Array(most * STATE_SIZE);
  }

  of(rows: number): SileroBatch {
    const width = contextSamples(this.#rate) + frameSamples(this.#rate);
    return (this.#made[rows] ??= {
      rate: this.#rate,
      rows,
      input: this.#input.subarray(0, rows * width),
      state: this.#state.subarray(0, rows * STATE_SIZE),
    });
  }
}

async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
