import { CERTAIN, FAINT, type SileroReport } from "./protocol";

export interface HeardFrame {
  readonly endSample: number;
  readonly probability: number;
  readonly certain: boolean;
  readonly faint: boolean;
}

/** Collects what a call brings; a few arrays travel between threads faster than many objects. */
export class ReportMaker {
  #ids: number[] = [];
  #endSamples: number[] = [];
  #probabilities: number[] = [];
  #marks: number[] = [];
  #failed: { id: number; message: string }[] = [];

  add(id: number, { endSample, probability, certain, faint }: HeardFrame): void {
    this.#ids.push(id);
    this.#endSamples.push(endSample);
    this.#probabilities.push(probability);
    this.#marks.push((certain ? CERTAIN : 0) + (faint ? FAINT : 0));
  }

  fail(id: number, error: unknown): void {
    this.#failed.push({ id, message: error instanceof Error ? error.message : String(error) });
  }

  /** What was collected since the last call of this. */
  take(more: boolean): SileroReport {
    const report = {
      ids: Uint32Array.from(this.#ids),
      endSamples: Float64Array.from(this.#endSamples),
      probabilities: Float32Array.from(this.#probabilities),
      marks: Uint8Array.from(this.#marks),
      failed: this.#failed,
      more,
    };
    this.#ids = [];
    this.#endSamples = [];
    this.#probabilities = [];
    this.#marks = [];
    this.#failed = [];
    return report;
  }
}
