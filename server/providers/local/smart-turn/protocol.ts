export const ONNX_PACKAGE = "onnxruntime-node";

/** What the thread is started with. */
export interface SmartTurnSettings {
  /** The model's file. */
  readonly path: string;
  readonly nativeGate: SharedArrayBuffer;
}

/** What is to be judged: mono audio, of which the last 8 seconds count. The answer is a probability. */
export interface SmartTurnQuestion {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}
