import { dirname, join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { ONNX_PACKAGE, VAD_PACKAGE } from "./protocol";

/** The model listens at these rates; one frame is 32 ms, and it wants the last 4 ms before the frame with it. */
export type SileroRate = 8_000 | 16_000;
export const frameSamples = (rate: SileroRate): number => rate / 31.25;
export const contextSamples = (rate: SileroRate): number => rate / 250;

/** The model's memory of one stream: two layers of so many numbers. */
export const STATE_LAYERS = 2;
export const STATE_SIZE = 128;

export interface SileroBatch {
  readonly rate: SileroRate;
  readonly rows: number;
  /** Row by row: context, then frame. */
  readonly input: Float32Array<ArrayBuffer>;
  /** Layer by layer, row by row. */
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

/** Loads Silero v6. It takes one core at most: the caller's thread, which may only be ended through `gate`. */
export async function loadSilero(gate: NativeGate): Promise<SileroModel> {
  resolvePackage(ONNX_PACKAGE, "Silero");
  const path = sileroPath();
  const onnx = await gate.pass(() => import("onnxruntime-node"));
  const session = await gate.pass(() => onnx.InferenceSession.create(path, SESSION));
  const rates = { 8_000: rateTensor(onnx.Tensor, 8_000), 16_000: rateTensor(onnx.Tensor, 16_000) };
  return async ({ rate, rows, input, state }) => {
    const feeds = {
      input: new onnx.Tensor("float32", input, [rows, input.length / rows]),
      state: new onnx.Tensor("float32", state, [STATE_LAYERS, rows, STATE_SIZE]),
      sr: rates[rate],
    };
    const outputs = await gate.pass(() => session.run(feeds));
    return { probabilities: floats(outputs, "output"), state: floats(outputs, "stateN") };
  };
}

/** Where the model is. Throws when a package is not installed. */
export function sileroPath(): string {
  return join(dirname(resolvePackage(VAD_PACKAGE, "Silero")), "silero_vad_v6.onnx");
}

function rateTensor(TensorOf: typeof Tensor, rate: SileroRate): Tensor {
  return new TensorOf("int64", BigInt64Array.of(BigInt(rate)), []);
}

function floats(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The Silero model gave no numbers as "${name}".`);
  return data;
}
