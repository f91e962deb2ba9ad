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
  #flushAt = 0;
  #more = false;

  constructor(options: RoomOptions) {
    this.#options = options;
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
    do this.#more = await this.#round();
    while (this.#more && performance.now() < begun + CALL_MS);
    return this.#report.take(this.#more);
  }

  #open(opening: SileroOpening): void {
    const { speex, gate, narrow } = this.#options;
    const onFrame = this.#report.add.bind(this.#report);
    try {
      this.#ears.set(opening.id, new SileroEar(opening, { speex, gate, narrow, onFrame }));
    } catch (error) {
      this.#report.fail(opening.id, error);
    }
  }

  #close(id: number): void {
    this.#ears.get(id)?.close();
    this.#ears.delete(id);
  }

  /** One frame of every stream that has one for the model; false when none has. */
  async #round(): Promise<boolean> {
    const ready = [...this.#ears.values()].filter((ear) => ear.prepare());
    for (const rate of RATES) {
      const ears = ready.filter((ear) => ear.rate === rate);
      for (let at = 0; at < ears.length; at += this.#options.batch) {
        await this.#run(rate, ears.slice(at, at + this.#options.batch));
      }
    }
    return ready.length > 0;
  }

  async #run(rate: SileroRate, ears: readonly SileroEar[]): Promise<void> {
    const batch = batchOf(rate, ears.length);
    for (const [row, ear] of ears.entries()) ear.write(batch, row);
    const result = await this.#options.model(batch);
    for (const [row, ear] of ears.entries()) ear.read(result, row);
  }
}

function batchOf(rate: SileroRate, rows: number): SileroBatch {
  return {
    rate,
    rows,
    input: new Float32Array(rows * (contextSamples(rate) + frameSamples(rate))),
    state: new Float32Array(rows * STATE_SIZE),
  };
}

async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
