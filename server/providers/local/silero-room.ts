import { SileroEar } from "./silero-ear";
import {
  contextSamples,
  frameSamples,
  STATE_LAYERS,
  STATE_SIZE,
  type SileroModel,
  type SileroRate,
} from "./silero-model";
import type { SileroNews, SileroReport } from "./silero-protocol";

/** Beyond this a larger batch is no faster, only longer. */
const MOST_ROWS = 64;
const RATES: readonly SileroRate[] = [16_000, 8_000];

interface Frame {
  readonly id: number;
  readonly endSample: number;
  readonly probability: number;
}

/** All streams of the worker. Whatever frames of several streams are waiting run through the model together. */
export class SileroRoom {
  readonly #model: SileroModel;
  readonly #ears = new Map<number, SileroEar>();

  constructor(model: SileroModel) {
    this.#model = model;
  }

  /** Streams that are open. */
  get size(): number {
    return this.#ears.size;
  }

  /** One at a time: the caller waits for the report before it tells more. */
  async hear({ closed, opened, pushed, samples }: SileroNews): Promise<SileroReport> {
    for (const id of closed) this.#close(id);
    const failed: { id: number; message: string }[] = [];
    for (const opening of opened) {
      try {
        this.#ears.set(opening.id, await SileroEar.open(opening));
      } catch (error) {
        failed.push({ id: opening.id, message: error instanceof Error ? error.message : String(error) });
      }
    }
    let at = 0;
    for (const { id, length } of pushed) {
      this.#ears.get(id)?.push(samples.subarray(at, at + length));
      at += length;
    }
    return { ...columns(await this.#listen(pushed.map(({ id }) => id))), failed };
  }

  #close(id: number): void {
    this.#ears.get(id)?.close();
    this.#ears.delete(id);
  }

  /** Round by round, one frame of every stream that has one. */
  async #listen(ids: readonly number[]): Promise<Frame[]> {
    const frames: Frame[] = [];
    const ears = ids.flatMap((id) => this.#ears.get(id) ?? []);
    for (const rate of RATES) {
      for (;;) {
        const ready = ears.filter((ear) => ear.rate === rate && ear.ready);
        if (ready.length === 0) break;
        for (let at = 0; at < ready.length; at += MOST_ROWS) {
          frames.push(...(await this.#run(rate, ready.slice(at, at + MOST_ROWS))));
        }
      }
    }
    return frames;
  }

  async #run(rate: SileroRate, ears: readonly SileroEar[]): Promise<Frame[]> {
    const rows = ears.length;
    const batch = {
      rate,
      rows,
      input: new Float32Array(rows * (contextSamples(rate) + frameSamples(rate))),
      state: new Float32Array(STATE_LAYERS * rows * STATE_SIZE),
    };
    for (const [row, ear] of ears.entries()) ear.write(batch, row);
    const result = await this.#model(batch);
    return ears.map((ear, row) => ({
      id: ear.id,
      endSample: ear.read(result, row),
      probability: result.probabilities[row] ?? 0,
    }));
  }
}

/** Three arrays travel between threads faster than many objects. */
function columns(frames: readonly Frame[]): Omit<SileroReport, "failed"> {
  return {
    ids: Uint32Array.from(frames, ({ id }) => id),
    endSamples: Float64Array.from(frames, ({ endSample }) => endSample),
    probabilities: Float32Array.from(frames, ({ probability }) => probability),
  };
}
