/** The melody of a voice, cheaply: good enough to tell falling from level, not to sing along. */

/** Pitch is sought in a copy of the audio at about this rate: few samples, and overtones do not distract. */
const WORKING_RATE = 4_000;
const LOWEST_HZ = 65;
const HIGHEST_HZ = 400;
/** Two periods of the lowest voice, and a little. */
const WINDOW_SECONDS = 0.04;
/** How alike a stretch and its shifted copy must be (0–1) to count as voiced. */
const VOICED = 0.6;
/** Shorter periods win unless a longer one is this much better: otherwise every voice is an octave lower at times. */
const OCTAVE_BIAS = 0.9;
const SILENT_ENERGY = 50;
const REFERENCE_HZ = 55;

export interface Melody {
  readonly samples: Float32Array;
  /** The sum of all squares before each sample: the energy of any stretch is one subtraction. */
  readonly energy: Float64Array;
  readonly rate: number;
}

/** Averages neighbouring samples down to about 4 kHz, and takes out what is not sound but an offset. */
export function melodyOf(samples: Int16Array, sampleRate: number): Melody {
  const step = Math.max(1, Math.round(sampleRate / WORKING_RATE));
  const slow = new Float32Array(Math.floor(samples.length / step));
  let total = 0;
  for (let i = 0, at = 0; i < slow.length; i++) {
    let sum = 0;
    for (let j = 0; j < step; j++) sum += samples[at++]!;
    slow[i] = sum / step;
    total += sum / step;
  }
  const offset = slow.length === 0 ? 0 : total / slow.length;
  const energy = new Float64Array(slow.length + 1);
  for (let i = 0; i < slow.length; i++) {
    slow[i] = slow[i]! - offset;
    energy[i + 1] = energy[i]! + slow[i]! ** 2;
  }
  return { samples: slow, energy, rate: sampleRate / step };
}

/** Semitones above 55 Hz around a moment (seconds from the start), or undefined where nothing is voiced. */
export function pitchAt(melody: Melody, seconds: number): number | undefined {
  const { samples, energy, rate } = melody;
  const longest = Math.ceil(rate / LOWEST_HZ);
  const shortest = Math.max(2, Math.floor(rate / HIGHEST_HZ));
  const window = Math.round(rate * WINDOW_SECONDS);
  const from = Math.round(seconds * rate - (window + longest) / 2);
  if (from < 0 || from + window + longest > samples.length) return undefined;
  const own = energy[from + window]! - energy[from]!;
  if (own < SILENT_ENERGY * window) return undefined;
  const likeness = new Float32Array(longest + 1);
  let best = 0;
  for (let lag = shortest; lag <= longest; lag++) {
    const shifted = energy[from + lag + window]! - energy[from + lag]!;
    const each = shifted > 0 ? product(samples, from, { window, lag }) / Math.sqrt(own * shifted) : 0;
    likeness[lag] = each;
    if (each > best) best = each;
  }
  return best < VOICED ? undefined : semitones(rate / firstPeak(likeness, { shortest, longest, best }));
}

/** A stretch times what comes `lag` samples later. */
function product(samples: Float32Array, from: number, { window, lag }: { window: number; lag: number }): number {
  let sum = 0;
  for (let i = from, end = from + window; i < end; i++) sum += samples[i]! * samples[i + lag]!;
  return sum;
}

interface Search {
  readonly shortest: number;
  readonly longest: number;
  readonly best: number;
}

/** The shortest period that is nearly as good as the best; NaN when the likeness only rises or falls. */
function firstPeak(likeness: Float32Array, { shortest, longest, best }: Search): number {
  for (let lag = shortest + 1; lag < longest; lag++) {
    const here = likeness[lag]!;
    if (here >= best * OCTAVE_BIAS && here >= likeness[lag - 1]! && here >= likeness[lag + 1]!) {
      return between(likeness, lag);
    }
  }
  return NaN;
}

function semitones(hz: number): number | undefined {
  return Number.isNaN(hz) ? undefined : 12 * Math.log2(hz / REFERENCE_HZ);
}

/** The top of the parabola through a peak and its neighbours: periods are not whole samples. */
function between(values: Float32Array, at: number): number {
  const before = values[at - 1]!;
  const here = values[at]!;
  const after = values[at + 1]!;
  const bend = before - 2 * here + after;
  return bend === 0 ? at : at + (before - after) / (2 * bend);
}
