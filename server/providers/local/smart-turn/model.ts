import type { InferenceSession } from "onnxruntime-node";
import type { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { FEATURES_SHAPE } from "./features";
import { ONNX_PACKAGE } from "./protocol";

/** Takes features, gives how surely the speaker is done (0–1). One call at a time. */
export type SmartTurnModel = (features: Float32Array<ArrayBuffer>) => Promise<number>;

const SESSION: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  logSeverityLevel: 3,
};

/**
 * Loads an ONNX model that takes Whisper features of 8 seconds. Throws when the file is no ONNX model, or one of another
 * shape. The caller's thread may only be ended through `gate`.
 */
export async function loadModel(path: string, gate: NativeGate): Promise<SmartTurnModel> {
  resolvePackage(ONNX_PACKAGE, "Smart Turn");
  const onnx = await gate.pass(() => import("onnxruntime-node"));
  const session = await gate
    .pass(() => onnx.InferenceSession.create(path, SESSION))
    .catch((cause: unknown) => {
      throw new Error(`${path} is no ONNX model that can be loaded: ${cause instanceof Error ? cause.message : cause}`);
    });
  const input = inputOf(session, path);
  return async (features) => {
    const feeds = { [input]: new onnx.Tensor("float32", features, FEATURES_SHAPE) };
    const outputs = await gate.pass(() => session.run(feeds));
    return probabilityIn(outputs, session.outputNames);
  };
}

/** The name of its one input, if that takes the features. */
function inputOf({ inputMetadata }: InferenceSession, path: string): string {
  const [input, ...others] = inputMetadata;
  const isFit =
    input?.isTensor === true &&
    others.length === 0 &&
    input.type === "float32" &&
    input.shape.length === FEATURES_SHAPE.length &&
    // A dimension that has a name, or less than 1, takes any size.
    input.shape.every((size, axis) => typeof size === "string" || size < 1 || size === FEATURES_SHAPE[axis]);
  if (isFit) return input.name;
  const found = inputMetadata.map((each) =>
    each.isTensor ? `${each.name}: ${each.type} ${each.shape.join(" × ")}` : each.name,
  );
  throw new Error(
    `${path} is not an end-of-turn model such as Smart Turn v3: it should take one input of float32 ` +
      `${FEATURES_SHAPE.join(" × ")}, and takes ${found.join(", ") || "none"}.`,
  );
}

function probabilityIn(outputs: InferenceSession.OnnxValueMapType, names: readonly string[]): number {
  const data = outputs[names[0] ?? ""]?.data;
  if (!(data instanceof Float32Array) || data.length !== 1) {
    throw new Error(`The end-of-turn model answers with ${data?.length ?? 0} values instead of one probability.`);
  }
  const [probability = NaN] = data;
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(`The end-of-turn model answers ${probability}, which is no probability from 0 to 1.`);
  }
  return probability;
}
