/** What events say about the assistant's side: replies, and what of them was heard. */
import type { ServerEventOf } from "../../../server/realtime/protocol/server-events";
import { pcmMilliseconds } from "./base64";
import { heardLength } from "./heard-words";
import * as tools from "./conversation-tools";
import type { AssistantTurn, ConversationState, Latency, Turn } from "./conversation-types";

type State = ConversationState;

export function created(state: State, event: ServerEventOf<"response.created">, at: number): State {
  const { id } = event.response;
  const trigger = state.trigger ?? { at, silenceMs: 0 };
  return {
    ...state,
    turns: [...state.turns, newTurn(id, 0)],
    active: { ...state.active, [id]: trigger },
    trigger: undefined,
  };
}

export function itemAdded(state: State, event: ServerEventOf<"response.output_item.added">, at: number): State {
  const { item, response_id: responseId, output_index: index } = event;
  const waiting = state.turns.findIndex(
    (turn) => turn.kind === "assistant" && turn.id === turnId(responseId, 0) && !turn.itemId,
  );
  if (item.type === "message") {
    const turn: AssistantTurn = { ...newTurn(responseId, index), itemId: item.id, status: "streaming" };
    return { ...state, turns: placed(state.turns, waiting, turn) };
  }
  const call = tools.callOf(state, event, at);
  return call === undefined ? state : { ...state, turns: placed(state.turns, waiting, call) };
}

export function textDelta(state: State, event: ServerEventOf<"response.output_text.delta">, at: number): State {
  return extendReply(state, event.item_id, (turn) => ({
    ...turn,
    text: turn.text + event.delta,
    latency: turn.latency ?? latencyOf(state, event.response_id, at),
  }));
}

export function transcriptDelta(state: State, event: ServerEventOf<"response.output_audio_transcript.delta">): State {
  return extendReply(state, event.item_id, (turn) => ({
    ...turn,
    text: turn.text + event.delta,
    marks: [...turn.marks, { chars: turn.text.length, ms: turn.audioMs }],
  }));
}

export function audioDelta(state: State, event: ServerEventOf<"response.output_audio.delta">, at: number): State {
  const next = extendReply(state, event.item_id, (turn) => {
    const audioMs = turn.audioMs + pcmMilliseconds(event.delta);
    const latency = turn.latency ?? latencyOf(state, event.response_id, at);
    return { ...turn, audioMs, latency };
  });
  return { ...next, voiceLocked: true };
}

/** The whole text is the last word on what was said, unless only a part of it was heard. */
export function textDone(state: State, itemId: string, text: string): State {
  return extendReply(state, itemId, (turn) => ({ ...turn, text }));
}

export function done(state: State, event: ServerEventOf<"response.done">): State {
  const { id, status, status_details: details } = event.response;
  const usage = event.response.usage ?? undefined;
  const { [id]: _finished, ...active } = state.active;
  const problem =
    details?.type === "failed"
      ? details.error.message
      : details?.type === "incomplete"
        ? INCOMPLETE[details.reason]
        : undefined;
  const turns = state.turns.flatMap((turn): Turn[] => {
    if (turn.kind !== "assistant" || turn.responseId !== id) return [turn];
    return finished({ ...turn, usage });
  });
  return { ...state, turns, active, usage: usage === undefined ? state.usage : [...state.usage, usage] };

  function finished(turn: AssistantTurn): Turn[] {
    if (status === "completed") return turn.status === "thinking" ? [] : [settled(turn, "done")];
    if (status === "cancelled") return [settled(turn, "interrupted")];
    return [{ ...settled(turn, status === "incomplete" ? "incomplete" : "failed"), problem }];
  }
}

const INCOMPLETE = {
  max_output_tokens: "It reached the longest reply that is allowed.",
  content_filter: "A content filter stopped it.",
} as const;

/** Playback stopped after `heardMs`: the rest of the words were never heard, and the model forgets them too. */
export function cut(state: State, itemId: string, heardMs: number): State {
  return changeReply(state, itemId, (turn) => {
    const text = turn.heardMs === undefined ? turn.text.slice(0, heardLength(turn, heardMs)) : turn.text;
    return { ...turn, heardMs, status: "interrupted", text };
  });
}

/** The connection is gone, and with it the rest of every reply. */
export function abandon(state: State): State {
  const turns = state.turns.flatMap((turn): Turn[] => {
    if (turn.kind !== "assistant") return [turn];
    if (turn.status === "thinking") return [];
    return [turn.status === "streaming" ? { ...turn, status: "interrupted" } : turn];
  });
  return { ...state, turns, active: {} };
}

/** What interruption has already decided stays. */
function settled(turn: AssistantTurn, status: AssistantTurn["status"]): AssistantTurn {
  return { ...turn, status: turn.heardMs === undefined ? status : "interrupted", complete: true };
}

function turnId(responseId: string, index: number): string {
  return `${responseId}:${index}`;
}

function newTurn(responseId: string, index: number): AssistantTurn {
  return {
    kind: "assistant",
    id: turnId(responseId, index),
    responseId,
    itemId: undefined,
    status: "thinking",
    text: "",
    marks: [],
    audioMs: 0,
    complete: false,
    heardMs: undefined,
    latency: undefined,
    problem: undefined,
    usage: undefined,
  };
}

/** Takes the place of the turn that was waiting for it, or comes last. */
function placed(turns: readonly Turn[], waiting: number, turn: Turn): Turn[] {
  return waiting === -1 ? [...turns, turn] : turns.with(waiting, turn);
}

/** Only the first sound of a response has a latency: later items of it answer nothing new. */
function latencyOf(state: State, responseId: string, at: number): Latency | undefined {
  const trigger = state.active[responseId];
  const heardBefore = state.turns.some(
    (turn) => turn.kind === "assistant" && turn.responseId === responseId && turn.latency,
  );
  if (trigger === undefined || heardBefore) return undefined;
  return { totalMs: Math.round(at - trigger.at), silenceMs: trigger.silenceMs };
}

function changeReply(state: State, itemId: string, update: (turn: AssistantTurn) => AssistantTurn): State {
  return {
    ...state,
    turns: state.turns.map((turn) => (turn.kind === "assistant" && turn.itemId === itemId ? update(turn) : turn)),
  };
}

/** What still comes of a reply that was cut off was not heard, and is not shown. */
function extendReply(state: State, itemId: string, update: (turn: AssistantTurn) => AssistantTurn): State {
  return changeReply(state, itemId, (turn) => (turn.heardMs === undefined ? update(turn) : turn));
}
