/**
 * Who has the floor: turns the detector's frames into "speech started", "paused", "resumed" and "stopped". A pure machine.
 *
 * Invariants: started and stopped alternate, starting with started; pauses lie within a turn, each is resumed or ends
 * the turn; a stop never lies before its start; times never run backwards; after `reset` the machine owes nothing.
 */
export interface TurnSettings {
  /** 0–1: a frame at or above it counts as speech. */
  readonly threshold: number;
  /** Audio kept from before the first speech, in ms. */
  readonly prefixPaddingMs: number;
  /** Speech that begins a turn, in ms: a click is shorter. */
  readonly minSpeechMs: number;
  /** Silence that ends a turn, in ms, unless `patience` says otherwise for this pause. */
  readonly silenceDurationMs: number;
}

export interface TurnState {
  readonly phase: "silent" | "speaking";
  /** Silent: where a run of speech frames began that is not long enough yet. Speaking: where the turn began. */
  readonly onsetMs: number | undefined;
  /** Where the last speech frame ended. */
  readonly voicedUntilMs: number;
  /** Where the last one ended that was louder than the background: there the speech ends, if it does. */
  readonly clearUntilMs: number;
  /** Speaking, but not just now: how far the silence goes, and how long to wait. */
  readonly pause: { readonly untilMs: number; readonly patienceMs: number | undefined } | undefined;
}

/** See `VadFrame`. */
export interface TurnFrame {
  readonly type: "frame";
  readonly startMs: number;
  readonly endMs: number;
  readonly probability: number;
  readonly certain?: boolean;
  readonly faint?: boolean;
}

export type TurnEvent =
  | TurnFrame
  /** The buffer was committed, cleared, or detection switched: forget the turn. */
  | { readonly type: "reset" }
  /** This pause ends the turn after so much silence. Means nothing once the pause is over. */
  | { readonly type: "patience"; readonly ms: number };

export type TurnEffect =
  | { readonly type: "speech-started"; readonly audioStartMs: number }
  /** Silence began at `sinceMs`; it may be a breath or the end. */
  | { readonly type: "speech-paused"; readonly sinceMs: number; readonly atMs: number }
  | { readonly type: "speech-resumed" }
  | { readonly type: "speech-stopped"; readonly audioEndMs: number };

export interface TurnStep {
  readonly state: TurnState;
  readonly effects: readonly TurnEffect[];
}

export const SILENT: TurnState = {
  phase: "silent",
  onsetMs: undefined,
  voicedUntilMs: 0,
  clearUntilMs: 0,
  pause: undefined,
};

/** Two frames of 32 ms: a click is one, a syllable is more. */
export const MIN_SPEECH_MS = 60;
/** Two quiet frames: shorter gaps lie within words. */
const MIN_PAUSE_MS = 60;
/** In noise a detector believes in speech for so long after the last sound, at most. */
const DETECTOR_LAG_MS = 96;
/** Once somebody speaks, quieter frames still count, so that word endings do not flicker. */
const HYSTERESIS = 0.15;

/** Whether a frame says nothing new: silence goes on. Most frames are like that, so this is asked before the machine is. */
export function isStillSilent({ phase, onsetMs }: TurnState, probability: number, threshold: number): boolean {
  return phase === "silent" && onsetMs === undefined && probability < threshold;
}

export function nextTurn(state: TurnState, event: TurnEvent, settings: TurnSettings): TurnStep {
  switch (event.type) {
    case "reset":
      return { state: silentAfter(state), effects: [] };
    case "patience":
      return state.pause === undefined
        ? { state, effects: [] }
        : waitOrStop({ ...state, pause: { ...state.pause, patienceMs: event.ms } }, event.ms);
    case "frame":
      return state.phase === "silent" ? whileSilent(state, event, settings) : whileSpeaking(state, event, settings);
    default:
      return event satisfies never;
  }
}

function silentAfter({ voicedUntilMs, clearUntilMs }: TurnState): TurnState {
  return { ...SILENT, voicedUntilMs, clearUntilMs };
}

function whileSilent(state: TurnState, frame: TurnFrame, settings: TurnSettings): TurnStep {
  if (frame.probability < settings.threshold) {
    return { state: { ...state, onsetMs: undefined }, effects: [] };
  }
  const onsetMs = state.onsetMs ?? frame.startMs;
  const isEnough = frame.certain === true && settings.minSpeechMs <= MIN_SPEECH_MS;
  if (!isEnough && frame.endMs - onsetMs < settings.minSpeechMs) return { state: { ...state, onsetMs }, effects: [] };
  const audioStartMs = Math.max(0, onsetMs - settings.prefixPaddingMs);
  return {
    state: { phase: "speaking", onsetMs, voicedUntilMs: frame.endMs, clearUntilMs: frame.endMs, pause: undefined },
    effects: [{ type: "speech-started", audioStartMs }],
  };
}

function whileSpeaking(state: TurnState, frame: TurnFrame, settings: TurnSettings): TurnStep {
  const floor = Math.max(settings.threshold - HYSTERESIS, Math.min(settings.threshold, 0.05));
  if (frame.probability >= floor) {
    const resumed: TurnEffect[] = state.pause === undefined ? [] : [{ type: "speech-resumed" }];
    const clearUntilMs = frame.faint === true ? state.clearUntilMs : frame.endMs;
    return { state: { ...state, voicedUntilMs: frame.endMs, clearUntilMs, pause: undefined }, effects: resumed };
  }
  const paused = { ...state, pause: { untilMs: frame.endMs, patienceMs: state.pause?.patienceMs } };
  const step = waitOrStop(paused, paused.pause.patienceMs ?? settings.silenceDurationMs);
  if (state.pause !== undefined || step.effects.length > 0) return step;
  const sinceMs = endOfSpeech(state);
  if (frame.endMs - sinceMs < MIN_PAUSE_MS) return { state, effects: [] };
  return { state: paused, effects: [{ type: "speech-paused", sinceMs, atMs: frame.endMs }] };
}

/** Ends the turn if the pause has lasted so long. */
function waitOrStop(state: TurnState, patienceMs: number): TurnStep {
  const untilMs = state.pause?.untilMs ?? state.voicedUntilMs;
  if (untilMs - endOfSpeech(state) < patienceMs) return { state, effects: [] };
  return {
    state: silentAfter(state),
    effects: [{ type: "speech-stopped", audioEndMs: untilMs }],
  };
}

/** Where it ended, if this is the end: the detector's delay is not speech. */
function endOfSpeech({ voicedUntilMs, clearUntilMs }: TurnState): number {
  return Math.max(clearUntilMs, voicedUntilMs - DETECTOR_LAG_MS);
}
