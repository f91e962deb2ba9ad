/** How the last words sounded: what the voice does at the end of the turn, against what it did before. */
import { isSampleRate, type Pcm } from "../audio/pcm";
import { melodyOf, pitchAt, type Melody } from "./pitch";

export interface Ending {
  /** How far the last voiced sounds lie under the turn's middle pitch, in semitones; negative: above. */
  readonly lowering: number;
  /** Movement of the pitch in the last 300 ms of it, in semitones per second; falling is negative. */
  readonly slope: number;
  /** How far the last 120 ms of speech are softer than the speech before, in dB. */
  readonly fade: number;
  /** The last unbroken voiced stretch, up to 600 ms: drawn out when somebody thinks. */
  readonly drawlMs: number;
}

const FRAME_MS = 10;
/** Pitch is looked up so often; further back, where only its middle counts, less often. */
const STEP_MS = 20;
const COARSE_STEP_MS = 60;
/** More is not needed to know a voice, and costs time. */
const HEARD_MS = 4_000;
/** Speech stands out by this much from the quietest stretches, and lies within this of the loudest, in dB. */
const ABOVE_NOISE_DB = 12;
const BELOW_TOP_DB = 32;
const TAIL_MS = 120;
const MELODY_MS = 300;
const NEAR_MS = 600;
const FEWEST_PITCHES = 3;
/** How many of the last pitches stand for the end. */
const TAIL_PITCHES = 5;
/** In semitones; between two steps no voice moves so far. */
const JUMP = 5;

/** Undefined when there is no speech in it that could be judged. */
export function hearEnding(audio: Pcm): Ending | undefined {
  if (!isSampleRate(audio.sampleRate)) return undefined;
  const samples = audio.samples.subarray(-Math.round((audio.sampleRate * HEARD_MS) / 1000));
  const levels = levelsOf(samples, audio.sampleRate);
  const loud = speechFrames(levels);
  const end = loud.lastIndexOf(true) + 1;
  if (end * FRAME_MS < MELODY_MS) return undefined;
  const melody = melodyOf(samples, audio.sampleRate);
  const near = pitches(melody, { loud, from: end * FRAME_MS - NEAR_MS, to: end * FRAME_MS, stepMs: STEP_MS });
  const far = pitches(melody, { loud, from: 0, to: end * FRAME_MS - NEAR_MS, stepMs: COARSE_STEP_MS });
  const tail = near.filter((pitch) => pitch !== undefined);
  if (tail.length < FEWEST_PITCHES) return undefined;
  const all = [...far, ...near.filter((_, index) => index % (COARSE_STEP_MS / STEP_MS) === 0)];
  const run = lastRun(near);
  return {
    lowering: median(all.filter((pitch) => pitch !== undefined)) - median(tail.slice(-TAIL_PITCHES)),
    slope: slopeOf(run),
    fade: fadeOf(levels, loud, end),
    drawlMs: run.length * STEP_MS,
  };
}

/** Loudness of each frame, in dB. */
function levelsOf(samples: Int16Array, sampleRate: number): Float32Array {
  const size = (sampleRate * FRAME_MS) / 1000;
  const levels = new Float32Array(Math.floor(samples.length / size));
  for (let frame = 0; frame < levels.length; frame++) {
    const from = Math.floor(frame * size);
    const to = Math.floor((frame + 1) * size);
    let sum = 1;
    for (let i = from; i < to; i++) sum += samples[i]! * samples[i]!;
    levels[frame] = 10 * Math.log10(sum / (to - from));
  }
  return levels;
}

/** Which frames are speech, going by loudness alone. */
function speechFrames(levels: Float32Array): boolean[] {
  const sorted = levels.slice().sort();
  const noise = sorted[Math.floor(sorted.length * 0.05)] ?? 0;
  const top = sorted[Math.floor(sorted.length * 0.98)] ?? 0;
  const least = Math.max(noise + ABOVE_NOISE_DB, top - BELOW_TOP_DB);
  return Array.from(levels, (level) => level >= least);
}

interface Stretch {
  readonly loud: readonly boolean[];
  /** In ms. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

function pitches(melody: Melody, { loud, from, to, stepMs }: Stretch): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  for (let ms = Math.max(0, from); ms < to; ms += stepMs) {
    found.push(loud[Math.floor(ms / FRAME_MS)] ? pitchAt(melody, ms / 1000) : undefined);
  }
  return found;
}

/** The last run of pitches. A single one that is missing or far off, which is a slip of the measurement, is no gap. */
function lastRun(pitches: readonly (number | undefined)[]): number[] {
  const run: number[] = [];
  let missing = 0;
  for (const pitch of pitches.toReversed()) {
    if (pitch === undefined || Math.abs(pitch - (run[0] ?? pitch)) > JUMP) {
      missing += 1;
      if (run.length > 0 && missing > 1) break;
      continue;
    }
    missing = 0;
    run.unshift(pitch);
  }
  return run;
}

/** Least squares over the last 300 ms, in semitones per second. */
function slopeOf(tail: readonly number[]): number {
  const last = tail.slice(-MELODY_MS / STEP_MS);
  const middle = (last.length - 1) / 2;
  const mean = last.reduce((sum, pitch) => sum + pitch, 0) / last.length;
  let along = 0;
  let square = 0;
  for (const [index, pitch] of last.entries()) {
    along += (index - middle) * (pitch - mean);
    square += (index - middle) ** 2;
  }
  return square === 0 ? 0 : (along / square) * (1000 / STEP_MS);
}

function fadeOf(levels: Float32Array, loud: readonly boolean[], end: number): number {
  const tail = TAIL_MS / FRAME_MS;
  return mean(levels, loud, { from: 0, to: end - tail }) - mean(levels, loud, { from: end - tail, to: end });
}

function mean(levels: Float32Array, loud: readonly boolean[], { from, to }: { from: number; to: number }): number {
  let sum = 0;
  let count = 0;
  for (let frame = Math.max(0, from); frame < to; frame++) {
    if (!loud[frame]) continue;
    sum += levels[frame]!;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
