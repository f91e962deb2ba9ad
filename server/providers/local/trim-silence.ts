/** Loudness is judged over 10 ms; 40 dB below the loudest counts as silence. */
const WINDOW_MS = 10;
const FLOOR = 0.01;
/** What is left before the first and after the last sound: onsets are soft, and clauses need a breath between them. */
const LEAD_MS = 50;
const TAIL_MS = 150;

/** A copy without what silence there is too much of at both ends. Empty when there is nothing but silence. */
export function trimSilence(samples: Int16Array, sampleRate: number): Int16Array<ArrayBuffer> {
  const window = Math.max(1, Math.round((sampleRate * WINDOW_MS) / 1000));
  const levels = levelsOf(samples, window);
  const loudest = levels.reduce((most, level) => Math.max(most, level), 0);
  const heard = (level: number): boolean => level > 0 && level >= loudest * FLOOR;
  const first = levels.findIndex(heard);
  if (first < 0) return new Int16Array(0);
  const end = levels.findLastIndex(heard) + 1;
  const from = first * window - Math.round((sampleRate * LEAD_MS) / 1000);
  const to = end * window + Math.round((sampleRate * TAIL_MS) / 1000);
  return samples.slice(Math.max(0, from), Math.min(samples.length, to));
}

function levelsOf(samples: Int16Array, window: number): number[] {
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += window) {
    const part = samples.subarray(at, at + window);
    let sum = 0;
    for (const sample of part) sum += sample * sample;
    levels.push(Math.sqrt(sum / part.length));
  }
  return levels;
}
