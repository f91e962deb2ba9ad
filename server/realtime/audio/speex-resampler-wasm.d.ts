/** The package ships no types: these are the parts of its emscripten module that we call. */
declare module "@echogarden/speex-resampler-wasm/simd" {
  export interface SpeexModule {
    /** Replaced whenever the WASM memory grows: never keep a reference. */
    readonly HEAP16: Int16Array;
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _speex_resampler_init(channels: number, from: number, to: number, quality: number, error: number): number;
    _speex_resampler_destroy(state: number): void;
    _speex_resampler_skip_zeros(state: number): number;
    _speex_resampler_reset_mem(state: number): number;
    _speex_resampler_get_input_latency(state: number): number;
    _speex_resampler_process_int(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number;
  }
  export default function instantiate(): Promise<SpeexModule>;
}
