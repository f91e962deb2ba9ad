/** What a detector makes of a track, held against where speech truly is. */
import type { VadFrame } from "../../server/realtime/engine/types";
import { nextTurn, SILENT, type TurnEffect } from "../../server/realtime/turns/turn";
import type { Track } from "./track";

export interface Score {
  /** Frames in which somebody speaks, and those of them that were taken for speech. */
  readonly spoken: number;
  readonly heard: number;
  /** Frames far from all speech, and those of them that were taken for speech. */
  readonly silent: number;
  readonly imagined: number;
  /** For each utterance that began a turn: from its first sound to `speech_started`, in ms of audio. */
  readonly onsetsMs: readonly number[];
  /** For each turn that ended before the next utterance: from the last sound to `speech_stopped`, less the silence. */
  readonly endsMs: readonly number[];
  readonly utterances: number;
}

export const SETTINGS = { threshold: 0.5, prefixPaddingMs: 300, minSpeechMs: 60, silenceDurationMs: 500 };
/** Who speaks is heard at this once the turn has begun; see `session/turn.ts`. */
const WHILE_SPEAKING = SETTINGS.threshold - 0.15;
const STEP_MS = 10;
/** Frames nearer than this to an utterance count neither as speech nor as silence: sound dies away. */
const COLLAR_MS = 100;

export function score(track: Track, frames: readonly VadFrame[]): Score {
  const events: { readonly atMs: number; readonly effect: TurnEffect }[] = [];
  const counts = { spoken: 0, heard: 0, silent: 0, imagined: 0 };
  let state = SILENT;
  let startMs = 0;
  for (const { endSample, ...frame } of frames) {
    const endMs = (endSample * 1000) / track.sampleRate;
    const isHeard = frame.probability >= (state.phase === "speaking" ? WHILE_SPEAKING : SETTINGS.threshold);
    const step = nextTurn(state, { ...frame, type: "frame", startMs, endMs }, SETTINGS);
    state = step.state;
    for (const effect of step.effects) events.push({ atMs: endMs, effect });
    const truth = truthOf(track, startMs, endMs);
    if (truth === "speech") counts.spoken += 1;
    if (truth === "speech" && isHeard) counts.heard += 1;
    if (truth === "silence") counts.silent += 1;
    if (truth === "silence" && isHeard) counts.imagined += 1;
    startMs = endMs;
  }
  return { ...counts, ...turnsOf(track, events), utterances: track.utterances.length };
}

export function total(scores: readonly Score[]): Score {
  const sum = (key: "spoken" | "heard" | "silent" | "imagined" | "utterances"): number =>
    scores.reduce((count, each) => count + each[key], 0);
  return {
    spoken: sum("spoken"),
    heard: sum("heard"),
    silent: sum("silent"),
    imagined: sum("imagined"),
    utterances: sum("utterances"),
    onsetsMs: scores.flatMap(({ onsetsMs }) => onsetsMs),
    endsMs: scores.flatMap(({ endsMs }) => endsMs),
  };
}

/** A frame holds speech when most of it does. */
function truthOf({ active, utterances }: Track, startMs: number, endMs: number): "speech" | "silence" | "neither" {
  const steps = active.slice(Math.round(startMs / STEP_MS), Math.round(endMs / STEP_MS));
  if (steps.filter(Boolean).length * 2 > steps.length) return "speech";
  const isNear = utterances.some((each) => endMs > each.startMs - COLLAR_MS && startMs < each.endMs + COLLAR_MS);
  return isNear ? "neither" : "silence";
}

type Event = { readonly atMs: number; readonly effect: TurnEffect };

function turnsOf({ utterances }: Track, events: readonly Event[]): Pick<Score, "onsetsMs" | "endsMs"> {
  const onsetsMs: number[] = [];
  const endsMs: number[] = [];
  let lastStopMs = 0;
  for (const [index, { startMs, endMs }] of utterances.entries()) {
    const nextMs = utterances[index + 1]?.startMs ?? Infinity;
    // An utterance that comes before the silence has passed goes on with the turn.
    const previousEndMs = utterances[index - 1]?.endMs ?? 0;
    if (startMs - previousEndMs > SETTINGS.silenceDurationMs + COLLAR_MS) {
      const begun = events.find(({ atMs, effect }) => effect.type === "speech-started" && atMs > startMs - COLLAR_MS);
      if (begun !== undefined && begun.atMs < endMs) onsetsMs.push(begun.atMs - startMs);
    }
    if (nextMs - endMs <= SETTINGS.silenceDurationMs + 2 * COLLAR_MS) continue;
    const ended = events.find(({ atMs, effect }) => effect.type === "speech-stopped" && atMs > endMs);
    if (ended === undefined || ended.atMs > nextMs || ended.atMs === lastStopMs) continue;
    lastStopMs = ended.atMs;
    endsMs.push(ended.atMs - endMs - SETTINGS.silenceDurationMs);
  }
  return { onsetsMs, endsMs };
}
