/** From events to what the page shows. Pure: the same events in the same order give the same conversation. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent, ServerEventOf, ServerEventType } from "../../../server/realtime/protocol/server-events";
import * as reply from "./conversation-reply";
import * as tools from "./conversation-tools";
import type { ConversationInput, ConversationState, Turn } from "./conversation-types";
import * as user from "./conversation-user";

/** Older turns are dropped beyond this, so that a page left open does not grow for ever. */
const MAX_TURNS = 400;

export const emptyConversation: ConversationState = {
  session: undefined,
  turns: [],
  trigger: undefined,
  active: {},
  voiceLocked: false,
  usage: [],
};

export function reduceConversation(state: ConversationState, input: ConversationInput): ConversationState {
  const next = reduce(state, input);
  return next.turns.length > MAX_TURNS ? { ...next, turns: next.turns.slice(-MAX_TURNS) } : next;
}

function reduce(state: ConversationState, input: ConversationInput): ConversationState {
  switch (input.type) {
    case "received":
      return receive(state, input.event, input.at);
    case "sent":
      return send(state, input.event, input.at);
    case "cut":
      return reply.cut(state, input.itemId, input.heardMs);
    case "disconnected":
      return tools.abandon(reply.abandon(user.abandon(state)));
    default: {
      const unknown: never = input;
      throw new Error(`Unknown input ${JSON.stringify(unknown)}`);
    }
  }
}

/** Without a recogniser a spoken turn and its reply fail for one and the same reason, which need not be said twice. */
export function shownTurns(turns: readonly Turn[]): readonly Turn[] {
  return turns.filter((turn, i) => {
    const before = turns[i - 1];
    const repeats = turn.kind === "assistant" && before?.kind === "user" && turn.problem === before.problem;
    return !(repeats && turn.problem !== undefined);
  });
}

/** Whether a response runs that `response.cancel` would stop. */
export function isReplying(state: ConversationState): boolean {
  return Object.keys(state.active).length > 0;
}

type Handlers = {
  readonly [T in ServerEventType]?: (
    state: ConversationState,
    event: ServerEventOf<T>,
    at: number,
  ) => ConversationState;
};

/** Events that are missing here change nothing that the page shows; the event log has them all. */
const handlers: Handlers = {
  "session.created": startSession,
  "session.updated": (state, { session }) => (session.type === "realtime" ? { ...state, session } : state),
  "conversation.item.added": (state, event, at) => tools.itemAdded(user.itemAdded(state, event), event, at),
  "conversation.item.done": tools.settled,
  "conversation.item.deleted": (state, event) => ({
    ...state,
    turns: state.turns.filter(
      (turn) => turn.id !== event.item_id && !(turn.kind === "assistant" && turn.itemId === event.item_id),
    ),
  }),
  "conversation.item.truncated": (state, event) => reply.cut(state, event.item_id, event.audio_end_ms),
  "input_audio_buffer.speech_started": user.speechStarted,
  "input_audio_buffer.speech_stopped": user.speechStopped,
  "input_audio_buffer.committed": user.committed,
  "conversation.item.input_audio_transcription.delta": user.transcriptDelta,
  "conversation.item.input_audio_transcription.completed": user.transcriptCompleted,
  "conversation.item.input_audio_transcription.failed": user.transcriptFailed,
  "response.created": reply.created,
  "response.output_item.added": reply.itemAdded,
  "response.output_text.delta": reply.textDelta,
  "response.output_text.done": (state, event) => reply.textDone(state, event.item_id, event.text),
  "response.output_audio_transcript.delta": reply.transcriptDelta,
  "response.output_audio_transcript.done": (state, event) => reply.textDone(state, event.item_id, event.transcript),
  "response.output_audio.delta": reply.audioDelta,
  "response.output_item.done": tools.itemDone,
  "response.function_call_arguments.delta": tools.argumentsDelta,
  "response.function_call_arguments.done": tools.argumentsDone,
  "response.mcp_call_arguments.delta": tools.argumentsDelta,
  "response.mcp_call_arguments.done": tools.argumentsDone,
  "response.mcp_call.in_progress": tools.mcpStarted,
  "mcp_list_tools.completed": tools.listed,
  "mcp_list_tools.failed": tools.listed,
  error: tools.failure,
  "response.done": reply.done,
};

function receive<T extends ServerEventType>(
  state: ConversationState,
  event: ServerEvent,
  at: number,
): ConversationState {
  // The table is indexed by the event's own type, which the compiler cannot follow through a union.
  const handler = handlers[event.type as T] as
    ((state: ConversationState, event: ServerEvent, at: number) => ConversationState) | undefined;
  return handler === undefined ? state : handler(state, event, at);
}

function startSession(state: ConversationState, event: ServerEventOf<"session.created">): ConversationState {
  // The page asks for conversations, and for nothing else.
  if (event.session.type !== "realtime") return state;
  const fresh = { ...emptyConversation, session: event.session };
  if (state.turns.length === 0) return fresh;
  const kept = state.turns.at(-1)?.kind === "divider" ? state.turns.slice(0, -1) : state.turns;
  return { ...fresh, turns: [...kept, { kind: "divider", id: event.session.id }] };
}

function send(state: ConversationState, event: ClientEvent, at: number): ConversationState {
  switch (event.type) {
    case "input_audio_buffer.commit":
      return { ...state, trigger: { at, silenceMs: 0 } };
    case "response.create":
      return { ...state, trigger: state.trigger ?? { at, silenceMs: 0 } };
    case "conversation.item.create":
      return tools.created(state, event.item, at);
    default:
      return state;
  }
}
