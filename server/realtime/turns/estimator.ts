/** The built-in judgement of whether a speaker is done: what was said, how it sounded, how long it has been quiet. */
import type { TurnDetector, TurnPause } from "../engine/types";
import { DONE, LEANING_OPEN, OPEN, probabilityOf } from "./evidence";
import { isEnglish } from "./language";
import { judgePhrasing } from "./phrasing";
import { hearEnding, type Ending } from "./prosody";
import { judgeSpelling } from "./spelling";
import { readUtterance, type Mark, type Utterance } from "./utterance";

export interface TurnEstimatorOptions {
  /** Listen to pitch and loudness, which takes 1 to 3 ms a pause. Default true. */
  readonly prosody?: boolean;
}

/**
 * Judges from a partial transcript (English by rules, other languages by punctuation), from the melody and loudness of the
 * last words, and from the length of the pause; each may be missing. Needs no model and never throws.
 */
export function createTurnEstimator({ prosody = true }: TurnEstimatorOptions = {}): TurnDetector {
  return {
    name: "estimator",
    judge: (pause) => {
      const sound = prosody ? judgeEnding(hearEnding(pause.audio)) : 0;
      return probabilityOf(judgeWords(pause) + sound + judgeSilence(pause.pauseMs));
    },
  };
}

// ---------------------------------------------------------------- words

function judgeWords({ transcript, language }: TurnPause): number {
  const utterance = readUtterance(transcript);
  if (utterance.all.length === 0) return 0;
  const meaning = isEnglish(language, utterance.all) ? judgeEnglish(utterance) : 0;
  return meaning + punctuation(utterance.mark, meaning);
}

/** Recognisers put a full stop behind anything, so it says little; a question mark says more. */
function punctuation(mark: Mark, meaning: number): number {
  switch (mark) {
    case "none":
      return 0;
    case "period":
    case "exclamation":
      return 0.5;
    case "question":
      return meaning <= OPEN ? 0.5 : 1.5;
    case "comma":
      return -1.5;
    case "break":
      return OPEN;
    default:
      return mark satisfies never;
  }
}

function judgeEnglish(utterance: Utterance): number {
  return judgeSpelling(utterance.all) ?? judgePhrasing(utterance) ?? 0;
}

// ---------------------------------------------------------------- sound

/** How people end, measured on speech and rounded: they go down, get softer, and do not draw out the last vowel. */
const USUAL = { lowering: 1.2, fade: 3 } as const;
const WEIGHT = { lowering: 0.35, fade: 0.12 } as const;
/** A level tone of this length is somebody thinking. */
const DRAWL_MS = 480;
const LEVEL = 4;
const MOST = 1.2;

function judgeEnding(ending: Ending | undefined): number {
  if (ending === undefined) return 0;
  const { lowering, fade, drawlMs, slope } = ending;
  const fall = WEIGHT.lowering * (lowering - USUAL.lowering) + WEIGHT.fade * (fade - USUAL.fade);
  const drawl = drawlMs >= DRAWL_MS && Math.abs(slope) < LEVEL ? LEANING_OPEN : 0;
  return Math.max(-MOST, Math.min(MOST, fall + drawl));
}

// ---------------------------------------------------------------- silence

/** A pause that lasts is likelier the end: most hesitations are over within a second. */
function judgeSilence(pauseMs: number): number {
  if (!Number.isFinite(pauseMs)) return 0;
  return Math.max(0, Math.min(DONE, ((pauseMs - 300) / 1000) * 0.6));
}
