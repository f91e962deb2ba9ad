/** RNNoise hears frames of 10 ms at this rate, in samples of the 16-bit range, and gives each back one frame later. */
export const RNNOISE_RATE = 48_000;
export const RNNOISE_FRAME = 480;

export const RNNOISE_PACKAGE = "@echogarden/rnnoise-wasm";

/** One denoiser inside of the shared WASM instance. Its memory is freed by `destroy` only. */
export interface RnnoiseState {
  /** Puts the cleaned frame before this one into `frame`; returns how surely somebody speaks in this one, 0–1. */
  process(frame: Float32Array): number;
  destroy(): void;
}

export interface Rnnoise {
  createState(): RnnoiseState;
  /** Size of the memory that all states share. It never shrinks. */
  memoryBytes(): number;
}

let loading: Promise<Rnnoise> | undefined;

/** Loads the WASM module once a process. After a failure the next call tries again. */
export function loadRnnoise(): Promise<Rnnoise> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(): Promise<Rnnoise> {
  const { default: start } = await import("@echogarden/rnnoise-wasm");
  const module = await start();
  // States work one at a time and to completion, so all of them share it.
  const scratch = module._malloc(RNNOISE_FRAME * Float32Array.BYTES_PER_ELEMENT);
  const at = scratch / Float32Array.BYTES_PER_ELEMENT;
  return {
    memoryBytes: () => module.HEAPF32.byteLength,
    createState() {
      const state = module._rnnoise_create(0);
      if (state === 0) throw new Error("No memory for another noise reduction.");
      return {
        process(frame) {
          module.HEAPF32.set(frame, at);
          const speech = module._rnnoise_process_frame(state, scratch, scratch);
          frame.set(module.HEAPF32.subarray(at, at + RNNOISE_FRAME));
          return speech;
        },
        destroy: () => module._rnnoise_destroy(state),
      };
    },
  };
}
