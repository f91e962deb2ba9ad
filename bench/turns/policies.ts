/** When a turn would have ended, by the silence alone and by judgement. */
import type { TurnDetector } from "../../server/realtime/engine/types";
import { waitFor, type Eagerness } from "../../server/realtime/turns/patience";
import { FRAME_MS, type HeardPause } from "./listen";
import { heardBy, type Spoken } from "./speech";

/** A recogniser that streams has the words of a pause so long after it was noticed. */
const WORDS_DELAY_MS = 150;
const AUDIO_MS = 8_000;

export interface Judged extends HeardPause {
  /** How surely the speaker is done by the sound alone, and with the words. */
  readonly bySound: number;
  readonly byWords: number;
}

export interface Utterance {
  readonly pauses: readonly Judged[];
  /** Where the last word really ends. */
  readonly endMs: number;
  /** How often somebody hesitates in it. */
  readonly hesitations: number;
}

export async function judge(detector: TurnDetector, spoken: Spoken, pauses: readonly HeardPause[]): Promise<Utterance> {
  const { samples, sampleRate } = spoken.audio;
  const signal = new AbortController().signal;
  const judged: Judged[] = [];
  for (const pause of pauses) {
    const to = Math.round((pause.atMs * sampleRate) / 1000);
    const from = Math.max(0, to - (AUDIO_MS * sampleRate) / 1000);
    const question = {
      language: "en",
      audio: { samples: samples.subarray(from, to), sampleRate },
      pauseMs: pause.atMs - pause.sinceMs,
      signal,
    };
    const bySound = await detector.judge({ ...question, transcript: "" });
    const byWords = await detector.judge({ ...question, transcript: heardBy(spoken, pause.sinceMs) });
    judged.push({ ...pause, bySound, byWords });
  }
  return { pauses: judged, endMs: spoken.parts.at(-1)!.endMs, hesitations: spoken.parts.length - 1 };
}

/** So much silence ends this pause, in ms. */
export type Policy = (pause: Judged) => number;

export const silence =
  (ms: number): Policy =>
  () =>
    ms;

export const semantic =
  (eagerness: Eagerness, words: boolean): Policy =>
  ({ sinceMs, atMs, bySound, byWords }) => {
    const first = waitFor(bySound, eagerness);
    const wordsAfter = atMs + WORDS_DELAY_MS - sinceMs;
    if (!words || first <= wordsAfter) return first;
    return Math.max(wordsAfter, waitFor(byWords, eagerness));
  };

export interface Outcome {
  /** Turns that ended inside a sentence: each such pause counts. */
  readonly cutOffs: number;
  readonly hesitations: number;
  /** From the end of the last word to the end of the turn, in ms, of every sentence. */
  readonly delays: readonly number[];
}

export function tryOut(policy: Policy, utterances: readonly Utterance[]): Outcome {
  let cutOffs = 0;
  let hesitations = 0;
  const delays: number[] = [];
  for (const { pauses, endMs, hesitations: here } of utterances) {
    hesitations += here;
    for (const pause of pauses) {
      const wait = Math.max(policy(pause), pause.atMs - pause.sinceMs);
      const stopMs = pause.sinceMs + Math.ceil(wait / FRAME_MS) * FRAME_MS;
      if (pause.untilMs === Infinity) delays.push(stopMs - endMs);
      else if (stopMs <= pause.untilMs) cutOffs += 1;
    }
  }
  return { cutOffs, hesitations, delays };
}
