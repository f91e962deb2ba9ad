/** What happened to the streams since the last call to the worker, in this order: closed, opened. */
export interface SileroNews {
  readonly closed: readonly number[];
  readonly opened: readonly SileroOpening[];
}

export interface SileroOpening {
  readonly id: number;
  readonly sampleRate: number;
  /** Memory of the ring that its samples come through. */
  readonly ring: SharedArrayBuffer;
  /** Where in the ring they begin. */
  readonly position: number;
  /** Samples of the stream before that: not 0 when it goes on after a worker died. */
  readonly heard: number;
}

/** What came of the samples: the frames, in order for each stream, and the streams that could not be opened. */
export interface SileroReport {
  /** Of each frame `REPORTED` numbers: the stream's id, the frame's end in samples, the probability, and its marks. */
  readonly frames: Float64Array;
  readonly failed: readonly { readonly id: number; readonly message: string }[];
  /** Frames are left that could be heard now: call again. */
  readonly more: boolean;
}

export const REPORTED = 4;
/** Marks of a frame. */
export const CERTAIN = 1;
export const FAINT = 2;

/** How the worker listens; given to it as `workerData`. */
export interface SileroSettings {
  /** Memory of its `NativeGate`. */
  readonly nativeGate: SharedArrayBuffer;
  /** Whether the model is spared what is no louder than the background. */
  readonly gate: boolean;
  /** Frames of different streams that run through the model at once, at most. */
  readonly batch: number;
  /** Streams of 8 kHz are heard by the model's own form for that rate. */
  readonly narrow: boolean;
}

export const ONNX_PACKAGE = "onnxruntime-node";
/** Ships the models. */
export const VAD_PACKAGE = "@ricky0123/vad-web";
