/** The sentences as audio: spoken by Flite, with silence where the speaker hesitates. */
import type { TextToSpeech } from "../../server/realtime/engine/types";
import { concatPcm, type Pcm } from "../../server/realtime/audio/pcm";
import { align } from "./align";

export interface Spoken {
  readonly audio: Pcm;
  /** Where each part begins and ends, and its words as a recogniser gives them. */
  readonly parts: readonly SpokenPart[];
}

export interface SpokenPart {
  readonly words: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Telling {
  readonly parts: readonly string[];
  readonly voice: string;
  /** Silence after each part but the last, in ms. */
  readonly pausesMs: readonly number[];
}

/** Silence before and after, in ms: enough for the detector to see the turn begin and end. */
const LEAD_MS = 300;
const TAIL_MS = 700;
const FRAME_MS = 10;
/** How far around the expected place a gap is sought, in ms. */
const SEARCH_MS = 200;
/** Gaps shorter than this lie within words, in ms. */
const GAP_MS = 30;
/** Where a sentence is cut, sound begins and ends within so many ms. */
const FADE_MS = 15;
/** Room noise, about 50 dB below speech, in units of a 16-bit sample. */
const NOISE = 8;

/**
 * Says the sentence at once, so that its melody is that of one sentence, and cuts it where the speaker hesitates. After
 * a comma the voice has paused by itself; elsewhere it is cut between two words, in the middle of its melody.
 */
export async function speak(tts: TextToSpeech, { parts, voice, pausesMs }: Telling): Promise<Spoken> {
  const whole = await say(tts, fluent(parts), voice);
  const levels = levelsOf(whole);
  const [first, end] = edges(levels);
  const cuts = parts.length === 1 ? [] : await cutsOf(tts, { parts, voice, whole });
  const chunks: Int16Array[] = [silence(LEAD_MS, whole.sampleRate)];
  const told: SpokenPart[] = [];
  let at = LEAD_MS;
  for (const [index, part] of parts.entries()) {
    const from = (cuts[index - 1]?.end ?? first) * FRAME_MS;
    const to = (cuts[index]?.start ?? end) * FRAME_MS;
    const pause = pausesMs[index] ?? TAIL_MS;
    chunks.push(cut(whole, from, to), silence(pause, whole.sampleRate));
    told.push({ words: wordsOf(part), startMs: at, endMs: at + to - from });
    at += to - from + pause;
  }
  return { audio: { samples: withNoise(concatPcm(chunks)), sampleRate: whole.sampleRate }, parts: told };
}

/** The words by a moment: whole parts, and of the part under way as many as fit the time. */
export function heardBy({ parts }: Spoken, ms: number): string {
  return parts
    .filter(({ startMs }) => startMs < ms)
    .map(({ words, startMs, endMs }) => {
      const share = (ms - startMs) / (endMs - startMs);
      if (share > 0.97) return words;
      return words.slice(0, Math.round(words.length * share)).replace(/\s*\S*$/, "");
    })
    .join(" ")
    .trim();
}

// ---------------------------------------------------------------- where to cut

/** In frames. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

interface Wanted {
  readonly parts: readonly string[];
  readonly voice: string;
  readonly whole: Pcm;
}

/** With a comma after every part the voice leaves gaps that can be found; the same places are then found in `whole`. */
async function cutsOf(tts: TextToSpeech, { parts, voice, whole }: Wanted): Promise<Gap[]> {
  const halting = await say(tts, withCommas(parts), voice);
  const levels = levelsOf(halting);
  const [first] = edges(levels);
  const places = align(halting, whole);
  const wholeLevels = levelsOf(whole);
  const cuts: Gap[] = [];
  for (let count = 1; count < parts.length; count++) {
    const alone = edges(levelsOf(await say(tts, withCommas(parts.slice(0, count)), voice)));
    const gap = quietest(levels, alone[1] - alone[0] + first, SEARCH_MS);
    const same = { start: places[gap.start] ?? 0, end: places[gap.end] ?? 0 };
    cuts.push(quietest(wholeLevels, Math.round((same.start + same.end) / 2), same.end - same.start + GAP_MS));
  }
  return cuts;
}

/** The longest gap near a frame, or the quietest frame when the voice left none. */
function quietest(levels: readonly number[], near: number, withinMs: number): Gap {
  const quiet = Math.max(...levels) - 35;
  const from = Math.max(0, near - withinMs / FRAME_MS);
  const to = Math.min(levels.length, near + withinMs / FRAME_MS);
  let lowest = near;
  let longest: Gap = { start: 0, end: 0 };
  for (let at = Math.round(from); at < to; at++) {
    if (levels[at]! < levels[lowest]!) lowest = at;
    let end = at;
    while (end < levels.length && levels[end]! < quiet) end++;
    if (end - at > longest.end - longest.start) longest = { start: at, end };
    at = Math.max(at, end - 1);
  }
  return longest.end - longest.start >= GAP_MS / FRAME_MS ? longest : { start: lowest, end: lowest };
}

// ---------------------------------------------------------------- words

const closed = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
const fluent = (parts: readonly string[]): string => closed(parts.join(" "));
const withCommas = (parts: readonly string[]): string => closed(parts.map((part) => part.replace(/,$/, "")).join(", "));

const wordsOf = (part: string): string =>
  part
    .toLowerCase()
    .replace(/[^a-z' ]/g, "")
    .trim();

// ---------------------------------------------------------------- sound

async function say(tts: TextToSpeech, text: string, voice: string): Promise<Pcm> {
  const chunks: Int16Array[] = [];
  let sampleRate = 16_000;
  for await (const pcm of tts.synthesize({ text, voice, speed: 1, signal: new AbortController().signal })) {
    chunks.push(pcm.samples);
    sampleRate = pcm.sampleRate;
  }
  return { samples: concatPcm(chunks), sampleRate };
}

/** Loudness of each frame, in dB. */
function levelsOf({ samples, sampleRate }: Pcm): number[] {
  const size = (sampleRate * FRAME_MS) / 1000;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, frame) => {
    let sum = 1;
    for (const sample of samples.subarray(frame * size, (frame + 1) * size)) sum += sample * sample;
    return 10 * Math.log10(sum / size);
  });
}

/** The first frame with sound, and the one after the last. */
function edges(levels: readonly number[]): [number, number] {
  const quiet = Math.max(...levels) - 40;
  return [levels.findIndex((level) => level > quiet), levels.findLastIndex((level) => level > quiet) + 1];
}

const silence = (ms: number, rate: number): Int16Array => new Int16Array(Math.round((ms * rate) / 1000));

function cut({ samples, sampleRate }: Pcm, fromMs: number, toMs: number): Int16Array {
  const piece = samples.slice((fromMs * sampleRate) / 1000, (toMs * sampleRate) / 1000);
  const fade = Math.min(piece.length / 2, (FADE_MS * sampleRate) / 1000);
  for (let i = 0; i < fade; i++) {
    piece[i] = (piece[i]! * i) / fade;
    const last = piece.length - 1 - i;
    piece[last] = (piece[last]! * i) / fade;
  }
  return piece;
}

function withNoise(samples: Int16Array): Int16Array {
  let seed = 12345;
  return samples.map((sample) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return sample + ((seed >> 16) % (2 * NOISE + 1)) - NOISE;
  });
}
