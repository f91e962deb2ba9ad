/**
 * Who has the floor: turns the detector's frames into "speech started" and "speech stopped". A pure machine.
 *
 * Invariants: started and stopped alternate, starting with started; a stop never lies before its start; times never
 * run backwards; after `reset` the machine is silent and owes no stop.
 */
export interface TurnSettings {
  /** 0–1: a frame at or above it counts as speech. */
  readonly threshold: number;
  /** Audio kept from before the first speech, in ms. */
  readonly prefixPaddingMs: number;
  /** Silence that ends a turn, in ms. */
  readonly silenceDurationMs: number;
}

export interface TurnState {
  readonly phase: "silent" | "speaking";
  /** Silent: where a run of speech frames began that is not long enough yet. Speaking: where the turn began. */
  readonly onsetMs: number | undefined;
  /** Where the last speech frame ended. */
  readonly voicedUntilMs: number;
}

export type TurnEvent =
  | { readonly type: "frame"; readonly startMs: number; readonly endMs: number; readonly probability: number }
  /** The buffer was committed, cleared, or detection switched: forget the turn. */
  | { readonly type: "reset" };

export type TurnEffect =
  | { readonly type: "speech-started"; readonly audioStartMs: number }
  | { readonly type: "speech-stopped"; readonly audioEndMs: number };

export interface TurnStep {
  readonly state: TurnState;
  readonly effects: readonly TurnEffect[];
}

export const SILENT: TurnState = { phase: "silent", onsetMs: undefined, voicedUntilMs: 0 };

/** Two frames of 32 ms: a click is one, a syllable is more. */
const MIN_SPEECH_MS = 60;
/** Once somebody speaks, quieter frames still count, so that word endings do not flicker. */
const HYSTERESIS = 0.15;

export function nextTurn(state: TurnState, event: TurnEvent, settings: TurnSettings): TurnStep {
  switch (event.type) {
    case "reset":
      return { state: { ...SILENT, voicedUntilMs: state.voicedUntilMs }, effects: [] };
    case "frame":
      return state.phase === "silent" ? whileSilent(state, event, settings) : whileSpeaking(state, event, settings);
    default:
      return event satisfies never;
  }
}

type Frame = Extract<TurnEvent, { type: "frame" }>;

function whileSilent(state: TurnState, frame: Frame, settings: TurnSettings): TurnStep {
  if (frame.probability < settings.threshold) {
    return { state: { ...state, onsetMs: undefined }, effects: [] };
  }
  const onsetMs = state.onsetMs ?? frame.startMs;
  if (frame.endMs - onsetMs < MIN_SPEECH_MS) return { state: { ...state, onsetMs }, effects: [] };
  const audioStartMs = Math.max(0, onsetMs - settings.prefixPaddingMs);
  return {
    state: { phase: "speaking", onsetMs, voicedUntilMs: frame.endMs },
    effects: [{ type: "speech-started", audioStartMs }],
  };
}

function whileSpeaking(state: TurnState, frame: Frame, settings: TurnSettings): TurnStep {
  const floor = Math.max(settings.threshold - HYSTERESIS, Math.min(settings.threshold, 0.05));
  if (frame.probability >= floor) return { state: { ...state, voicedUntilMs: frame.endMs }, effects: [] };
  if (frame.endMs - state.voicedUntilMs < settings.silenceDurationMs) return { state, effects: [] };
  return {
    state: { ...SILENT, voicedUntilMs: state.voicedUntilMs },
    effects: [{ type: "speech-stopped", audioEndMs: frame.endMs }],
  };
}
