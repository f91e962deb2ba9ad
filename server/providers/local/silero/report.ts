import type { SileroReport } from "./protocol";

/** Collects what a call brings; three arrays travel between threads faster than many objects. */
export class ReportMaker {
  #ids: number[] = [];
  #endSamples: number[] = [];
  #probabilities: number[] = [];
  #failed: { id: number; message: string }[] = [];

  add(id: number, endSample: number, probability: number): void {
    this.#ids.push(id);
    this.#endSamples.push(endSample);
    this.#probabilities.push(probability);
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
      failed: this.#failed,
      more,
    };
    this.#ids = [];
    this.#endSamples = [];
    this.#probabilities = [];
    this.#failed = [];
    return report;
  }
}
