/** What events say about the user's side: spoken turns and their transcripts, and typed messages. */
import type { Item } from "../../../server/realtime/protocol/items";
import type { ServerEventOf } from "../../../server/realtime/protocol/server-events";
import type { ConversationState, Turn, UserTurn } from "./conversation-types";

type State = ConversationState;
type TranscriptionEvent<T extends "delta" | "completed" | "failed"> =
  ServerEventOf<`conversation.item.input_audio_transcription.${T}`>;

/** The item exists from the first sound on, so that words appear where they were spoken. */
export function speechStarted(state: State, event: ServerEventOf<"input_audio_buffer.speech_started">): State {
  return upsert(state, spokenTurn(event.item_id, "listening"));
}

export function speechStopped(
  state: State,
  event: ServerEventOf<"input_audio_buffer.speech_stopped">,
  at: number,
): State {
  const detection = state.session?.audio.input.turn_detection;
  const silenceMs = detection?.type === "server_vad" ? detection.silence_duration_ms : 0;
  const next = upsert(state, spokenTurn(event.item_id, "transcribing"));
  return { ...next, trigger: { at: at - silenceMs, silenceMs } };
}

export function committed(state: State, event: ServerEventOf<"input_audio_buffer.committed">): State {
  return upsert(state, spokenTurn(event.item_id, state.session?.audio.input.transcription ? "transcribing" : "done"));
}

export function transcriptDelta(state: State, event: TranscriptionEvent<"delta">): State {
  return change(state, event.item_id, (turn) => ({ ...turn, text: turn.text + event.delta }));
}

export function transcriptCompleted(state: State, event: TranscriptionEvent<"completed">): State {
  return change(state, event.item_id, (turn) => ({ ...turn, text: event.transcript.trim(), status: "done" }));
}

export function transcriptFailed(state: State, event: TranscriptionEvent<"failed">): State {
  return change(state, event.item_id, (turn) => ({ ...turn, status: "failed", problem: event.error.message }));
}

export function itemAdded(state: State, event: ServerEventOf<"conversation.item.added">): State {
  const turn = turnOfItem(event.item);
  if (turn === undefined || state.turns.some(({ id }) => id === turn.id)) return state;
  return { ...state, turns: [...state.turns, turn] };
}

/** Nothing that was being heard or written down will be finished. */
export function abandon(state: State): State {
  const turns = state.turns
    .filter((turn) => turn.kind !== "user" || turn.status !== "listening")
    .map((turn): Turn => (turn.kind === "user" && turn.status === "transcribing" ? { ...turn, status: "done" } : turn));
  return { ...state, turns, trigger: undefined };
}

function spokenTurn(id: string, status: UserTurn["status"]): UserTurn {
  return { kind: "user", id, source: "voice", status, text: "", images: [], problem: undefined };
}

/** Only messages of the user; the assistant's own are built from its responses. */
function turnOfItem(item: Item): UserTurn | undefined {
  if (item.type !== "message" || item.role !== "user") return undefined;
  const text = item.content
    .map((part) => (part.type === "input_text" ? part.text : ""))
    .filter((words) => words !== "");
  const images = item.content.flatMap((part) => (part.type === "input_image" ? [part.image_url] : []));
  if (text.length > 0 || images.length > 0)
    return { ...spokenTurn(item.id, "done"), source: "text", text: text.join("\n"), images };
  return item.content.some((part) => part.type === "input_audio") ? spokenTurn(item.id, "transcribing") : undefined;
}

/** A turn that is there already only moves on: its words, and a transcript that came first, are kept. */
function upsert(state: State, turn: UserTurn): State {
  if (!state.turns.some(({ id }) => id === turn.id)) return { ...state, turns: [...state.turns, turn] };
  return change(state, turn.id, (known) =>
    known.status === "done" || known.status === "failed" ? known : { ...known, status: turn.status },
  );
}

function change(state: State, id: string, update: (turn: UserTurn) => UserTurn): State {
  return { ...state, turns: state.turns.map((turn) => (turn.kind === "user" && turn.id === id ? update(turn) : turn)) };
}
