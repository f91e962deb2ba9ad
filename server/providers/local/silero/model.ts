import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import type { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { buildNetwork } from "./network";
import { ONNX_PACKAGE, VAD_PACKAGE } from "./protocol";
import { STATE_SIZE, type SileroRate } from "./shape";

/** The same object may come again, with something else in its memory. */
export interface SileroBatch {
  readonly rate: SileroRate;
  readonly rows: number;
  /** Row by row: context, then frame. */
  readonly input: Float32Array<ArrayBuffer>;
  /** Row by row. */
  readonly state: Float32Array;
}

/** What the model made of each row: valid until it runs again. */
export interface SileroResult {
  readonly probabilities: Float32Array;
  readonly state: Float32Array;
}

export type SileroModel = (batch: SileroBatch) => Promise<SileroResult>;

const SESSION: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  logSeverityLevel: 3,
};

/** Loads Silero v6 for some rates. It takes one core at most: the caller's thread, which is only ended through `gate`. */
export async function loadSilero(gate: NativeGate, rates: readonly SileroRate[] = [16_000]): Promise<SileroModel> {
  resolvePackage(ONNX_PACKAGE, "Silero");
  const file = await readFile(sileroPath());
  const onnx = await gate.pass(() => import("onnxruntime-node"));
  const sessions = new Map<SileroRate, InferenceSession>();
  for (const rate of rates) {
    sessions.set(rate, await gate.pass(() => onnx.InferenceSession.create(buildNetwork(file, rate), SESSION)));
  }
  const known = new WeakMap<SileroBatch, Run>();
  const runOf = ({ rate, rows, input, state }: SileroBatch): Run => {
    const session = sessions.get(rate);
    if (session === undefined) throw new Error(`Silero was not loaded for ${rate} Hz.`);
    const result: SileroResult = { probabilities: new Float32Array(rows), state: new Float32Array(rows * STATE_SIZE) };
    const feeds = {
      input: new onnx.Tensor("float32", input, [rows, input.length / rows]),
      state: new onnx.Tensor("float32", state, [rows, STATE_SIZE]),
    };
    const fetches = {
      output: new onnx.Tensor("float32", result.probabilities, [rows, 1]),
      stateN: new onnx.Tensor("float32", result.state, [rows, STATE_SIZE]),
    };
    return { result, run: () => gate.pass(() => session.run(feeds, fetches)) };
  };
  return async (batch) => {
    let run = known.get(batch);
    if (run === undefined) known.set(batch, (run = runOf(batch)));
    await run.run();
    return run.result;
  };
}

/** A batch made ready to run, again and again. */
interface Run {
  readonly result: SileroResult;
  readonly run: () => Promise<unknown>;
}

/** Where the model is. Throws when a package is not installed. */
export function sileroPath(): string {
  return join(dirname(resolvePackage(VAD_PACKAGE, "Silero")), "silero_vad_v6.onnx");
}
