/** What happened to all streams since the last message to the worker, in this order: closed, opened, pushed. */
export interface SileroNews {
  readonly closed: readonly number[];
  readonly opened: readonly SileroOpening[];
  /** How many of `samples` are for which stream; they follow one another. */
  readonly pushed: readonly { readonly id: number; readonly length: number }[];
  readonly samples: Int16Array<ArrayBuffer>;
}

export interface SileroOpening {
  readonly id: number;
  readonly sampleRate: number;
  /** Samples that were heard before: not 0 when a stream goes on after a worker died. */
  readonly heard: number;
}

/** What came of it: the frames, in order for each stream, and the streams that could not be opened. */
export interface SileroReport {
  readonly ids: Uint32Array;
  readonly endSamples: Float64Array;
  readonly probabilities: Float32Array;
  readonly failed: readonly { readonly id: number; readonly message: string }[];
}

export const ONNX_PACKAGE = "onnxruntime-node";
/** Ships the models. */
export const VAD_PACKAGE = "@ricky0123/vad-web";
