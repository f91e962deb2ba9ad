import { REPORTED, type SileroReport } from "./protocol";

interface HeardFrame {
  readonly endSample: number;
  readonly probability: number;
  readonly marks: number;
}

/** Frames for which there is room at first. */
const ROOM = 256;

/** Collects what a call brings; one array travels between threads faster than many objects. */
export class ReportMaker {
  #frames = new Float64Array(ROOM * REPORTED);
  #length = 0;
  #failed: { id: number; message: string }[] = [];

  add(id: number, { endSample, probability, marks }: HeardFrame): void {
    if (this.#length === this.#frames.length) this.#grow();
    this.#frames[this.#length++] = id;
    this.#frames[this.#length++] = endSample;
    this.#frames[this.#length++] = probability;
    this.#frames[this.#length++] = marks;
  }

  fail(id: number, error: unknown): void {
    this.#failed.push({ id, message: error instanceof Error ? error.message : String(error) });
  }

  /** What was collected since the last call of this. */
  take(more: boolean): SileroReport {
    const report = { frames: this.#frames.slice(0, this.#length), failed: this.#failed, more };
    this.#length = 0;
    this.#failed = [];
    return report;
  }

  #grow(): void {
    const frames = new Float64Array(this.#frames.length * 2);
    frames.set(this.#frames);
    this.#frames = frames;
  }
}
