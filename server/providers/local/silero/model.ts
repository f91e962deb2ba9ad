import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import type { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { buildNetwork } from "./network";
import { ONNX_PACKAGE, VAD_PACKAGE } from "./protocol";
import { STATE_SIZE, type SileroRate } from "./shape";

export interface SileroBatch {
  readonly rate: SileroRate;
  readonly rows: number;
  /** Row by row: context, then frame. */
  readonly input: Float32Array<ArrayBuffer>;
  /** Row by row. */
  readonly state: Float32Array;
}

/** What the model made of each row. */
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
  return async ({ rate, rows, input, state }) => {
    const feeds = {
      input: new onnx.Tensor("float32", input, [rows, input.length / rows]),
      state: new onnx.Tensor("float32", state, [rows, STATE_SIZE]),
    };
    const session = sessions.get(rate);
    if (session === undefined) throw new Error(`Silero was not loaded for ${rate} Hz.`);
    const outputs = await gate.pass(() => session.run(feeds));
    return { probabilities: floats(outputs, "output"), state: floats(outputs, "stateN") };
  };
}

/** Where the model is. Throws when a package is not installed. */
export function sileroPath(): string {
  return join(dirname(resolvePackage(VAD_PACKAGE, "Silero")), "silero_vad_v6.onnx");
}

function floats(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The Silero model gave no numbers as "${name}".`);
  return data;
}
