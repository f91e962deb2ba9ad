/** The package ships no types: these are the parts of its emscripten module that we call. */
declare module "@echogarden/rnnoise-wasm" {
  export interface RnnoiseModule {
    /** Replaced whenever the WASM memory grows: never keep a reference. */
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    /** 0 when there is no memory left. A model of 0 is the built-in one. */
    _rnnoise_create(model: number): number;
    _rnnoise_destroy(state: number): void;
    /** Output and input may be the same memory. Returns how surely somebody speaks, 0–1. */
    _rnnoise_process_frame(state: number, output: number, input: number): number;
  }
  export default function instantiate(): Promise<RnnoiseModule>;
}
