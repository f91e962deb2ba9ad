/** Conversations from one side: utterances of Flite's voices with long silences between, and where speech truly is. */
import type { TextToSpeech } from "../../server/realtime/engine/types";
import { concatPcm, type Pcm } from "../../server/realtime/audio/pcm";
import { resampleAll } from "../../server/realtime/audio/resample";

export const VOICES = ["kal16", "awb", "rms", "slt", "sage", "verse", "cedar", "shimmer"] as const;

const LINES = [
  "Hello there, I have a question about my last order.",
  "Could you tell me what the weather is going to be like in Boston tomorrow?",
  "No, thank you.",
  "I would like to book a table for four people at seven thirty, please.",
  "Yes, that sounds good to me.",
  "My account number is eight zero zero, two six one, nine.",
  "What time does the next train to London leave?",
  "I think we should move the meeting to Friday, if nobody minds.",
  "Please turn off the lights in the kitchen.",
  "Well, I am not sure, but I think it is the blue one.",
  "How much would that cost?",
  "There is a strange noise coming from the washing machine.",
  "Okay.",
  "She told me that the doctor is not available this week.",
  "Sing me something nice, and then wake me up at seven.",
  "Thanks a lot, that is all for today.",
];

export interface Track extends Pcm {
  /** For each 10 ms: somebody speaks, judged by the envelope of the clean speech. */
  readonly active: readonly boolean[];
  /** Utterances in ms: from the first active 10 ms to the end of the last. */
  readonly utterances: readonly Span[];
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface TrackOptions {
  readonly voice: string;
  readonly seconds: number;
  readonly seed: number;
  readonly sampleRate: number;
  /** Part of the time that is active speech. Default 0.36: one side of a conversation. */
  readonly share?: number;
}

/** Root mean square of active speech: −26 dB of full scale, as telephone speech is set. */
export const SPEECH_LEVEL = 32_768 * 10 ** (-26 / 20);
/** What lies further below the loudest 10 ms of its utterance is not heard as speech. */
const AUDIBLE_DB = 30;
const STEP_MS = 10;
const LEAD_MS = 1_500;

export async function makeTrack(tts: TextToSpeech, options: TrackOptions): Promise<Track> {
  const { voice, seconds, seed, sampleRate, share = 0.36 } = options;
  const step = (sampleRate * STEP_MS) / 1000;
  const samples = new Int16Array(seconds * sampleRate);
  const active = new Array<boolean>(Math.floor(samples.length / step)).fill(false);
  const utterances: Span[] = [];
  const random = randomFrom(seed);
  let at = LEAD_MS / STEP_MS;
  for (let line = seed; ; line++) {
    const said = await say(tts, { text: LINES[line % LINES.length]!, voice, sampleRate });
    const { speech, mask } = levelled(said, step);
    if (at + mask.length > active.length) break;
    samples.set(speech, at * step);
    for (const [index, isActive] of mask.entries()) active[at + index] = isActive;
    const spoken = mask.filter(Boolean).length;
    utterances.push({ startMs: at * STEP_MS, endMs: (at + mask.length) * STEP_MS });
    const silence = spoken / share - mask.length;
    at += mask.length + Math.max(100, Math.round(silence * (0.6 + 0.8 * random())));
  }
  return { samples, sampleRate, active, utterances };
}

/** Cut to what is active at its edges, and brought to one level. */
function levelled(said: Int16Array, step: number): { speech: Int16Array; mask: boolean[] } {
  const levels = Array.from({ length: Math.floor(said.length / step) }, (_, index) =>
    meanSquare(said.subarray(index * step, (index + 1) * step)),
  );
  const quiet = Math.max(...levels) * 10 ** (-AUDIBLE_DB / 10);
  const mask = levels.map((level) => level > quiet);
  const first = mask.indexOf(true);
  const end = mask.lastIndexOf(true) + 1;
  const loud = levels.filter((_, index) => mask[index]);
  const gain = SPEECH_LEVEL / Math.sqrt(loud.reduce((sum, level) => sum + level, 0) / loud.length);
  return {
    speech: said.subarray(first * step, end * step).map((sample) => clip(sample * gain)),
    mask: mask.slice(first, end),
  };
}

async function say(tts: TextToSpeech, said: { text: string; voice: string; sampleRate: number }): Promise<Int16Array> {
  const { text, voice, sampleRate } = said;
  const chunks: Int16Array[] = [];
  let rate = sampleRate;
  for await (const pcm of tts.synthesize({ text, voice, speed: 1, signal: new AbortController().signal })) {
    chunks.push(pcm.samples);
    rate = pcm.sampleRate;
  }
  return (await resampleAll({ samples: concatPcm(chunks), sampleRate: rate }, sampleRate)).samples;
}

export function meanSquare(samples: Int16Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2;
  return sum / samples.length;
}

export const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** Numbers from 0 to 1, the same every time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
