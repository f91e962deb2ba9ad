/** Full scale of a 16-bit sample: models want −1 to just under 1. */
const FULL_SCALE = 32768;

/**
 * Int16 samples as floats from −1 to just under 1. Fills `target` from `at` on when given (it must be long enough),
 * otherwise a new array; returns the one it filled.
 */
export function floatFromPcm(samples: Int16Array, target = new Float32Array(samples.length), at = 0): Float32Array {
  for (let i = 0; i < samples.length; i++) target[at + i] = samples[i]! / FULL_SCALE;
  return target;
}

/** Floats as Int16 samples: rounded, clipped at full scale; NaN becomes silence. */
export function pcmFromFloat(values: Float32Array | Float64Array): Int16Array {
  const samples = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    samples[i] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(values[i]! * FULL_SCALE)));
  }
  return samples;
}
