import type { SpeexModule } from "@echogarden/speex-resampler-wasm/simd";
import { floatFromPcm } from "./float";

/** Samples that go in or come out in one call: a 100 ms chunk at 48 kHz fits, longer ones are taken in slices. */
const SCRATCH_SAMPLES = 8192;

/** One filter inside the shared WASM instance. Its memory is freed by `destroy` only. */
export interface SpeexFilter {
  /** How many input samples the filter looks ahead: that many zeros drain it. */
  readonly lookahead: number;
  /** All output that is ready after `samples`; the chunks are copies. The first output is aligned with the first input. */
  run(samples: Int16Array): Int16Array[];
  /** The same into `target` from `at` on, as floats from −1 to just under 1. Returns how many. */
  runInto(samples: Int16Array, target: Float32Array<ArrayBuffer>, at: number): number;
  /** Forgets everything heard. */
  reset(): void;
  destroy(): void;
}

export interface SpeexOptions {
  readonly from: number;
  readonly to: number;
  readonly quality: number;
}

export interface Speex {
  createFilter(options: SpeexOptions): SpeexFilter;
  /** Size of the memory that all filters share. It never shrinks. */
  memoryBytes(): number;
}

let loading: Promise<Speex> | undefined;

/** Loads the WASM module once a process. After a failure the next call tries again. */
export function loadSpeex(): Promise<Speex> {
  loading ??= instantiate().catch((cause: unknown) => {
    loading = undefined;
    throw new Error("The resampler could not be loaded. Is the package @echogarden/speex-resampler-wasm installed?", {
      cause,
    });
  });
  return loading;
}

/** The WASM module and its scratch memory. Filters run one at a time and to completion, so all of them share it. */
interface Instance {
  readonly module: SpeexModule;
  /** Two 32-bit counts: samples in, samples out. */
  readonly lengths: number;
  readonly input: number;
  readonly output: number;
}

async function instantiate(): Promise<Speex> {
  const speex = await import("@echogarden/speex-resampler-wasm/simd");
  const module = await speex.default();
  const instance: Instance = {
    module,
    lengths: module._malloc(8),
    input: module._malloc(SCRATCH_SAMPLES * 2),
    output: module._malloc(SCRATCH_SAMPLES * 2),
  };
  return {
    createFilter: (options) => createFilter(instance, options),
    memoryBytes: () => module.HEAPU32.byteLength,
  };
}

function createFilter(instance: Instance, { from, to, quality }: SpeexOptions): SpeexFilter {
  const { module, lengths } = instance;
  const state = module._speex_resampler_init(1, from, to, quality, lengths);
  if (state === 0) throw new Error(`No memory for a resampler from ${from} to ${to} Hz.`);
  module._speex_resampler_skip_zeros(state);
  const filter = { ...instance, state };
  return {
    lookahead: module._speex_resampler_get_input_latency(state),
    run(samples) {
      const chunks: Int16Array[] = [];
      run(filter, samples, (chunk) => chunks.push(chunk.slice()));
      return chunks;
    },
    runInto(samples, target, at) {
      let end = at;
      run(filter, samples, (chunk) => {
        floatFromPcm(chunk, target, end);
        end += chunk.length;
      });
      return end - at;
    },
    reset() {
      module._speex_resampler_reset_mem(state);
      module._speex_resampler_skip_zeros(state);
    },
    destroy: () => module._speex_resampler_destroy(state),
  };
}

/** `use` gets views of the filter's memory. */
function run(
  { module, lengths, input, output, state }: Instance & { readonly state: number },
  samples: Int16Array,
  use: (chunk: Int16Array) => void,
): void {
  const taken = lengths >> 2;
  const made = taken + 1;
  for (let at = 0; at < samples.length; at += module.HEAPU32[taken]!) {
    const slice = at === 0 && samples.length <= SCRATCH_SAMPLES ? samples : samples.subarray(at, at + SCRATCH_SAMPLES);
    module.HEAP16.set(slice, input >> 1);
    module.HEAPU32[taken] = slice.length;
    module.HEAPU32[made] = SCRATCH_SAMPLES;
    const error = module._speex_resampler_process_int(state, 0, input, lengths, output, lengths + 4);
    if (error !== 0) throw new Error(`The resampler failed (Speex error ${error}).`);
    const start = output >> 1;
    use(module.HEAP16.subarray(start, start + module.HEAPU32[made]!));
  }
}
