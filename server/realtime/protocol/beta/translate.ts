/** From the session's GA events to those of the beta dialect: one entry for every event there is. Pure. */
import { newId } from "../ids";
import type { Item } from "../items";
import type { ResponseResource } from "../responses";
import type { ServerEvent, ServerEventOf, ServerEventType } from "../server-events";
import { toBetaItem } from "./items";
import { toBetaError } from "./params";
import type { BetaResponse, BetaServerEvent } from "./server-events";
import {
  DEFAULT_TEMPERATURE,
  toBetaFormat,
  toBetaModalities,
  toBetaSession,
  toBetaTranscriptionSession,
} from "./session-resource";

/** What the translation has to know beside the event. */
export interface Surroundings {
  readonly conversationId: () => string;
  /** The item that a beta client sees in an item's place: the last one before it that it was told of. */
  readonly visible: (itemId: string | null) => string | null;
}

type Events = readonly BetaServerEvent[];
type Translator<T extends ServerEventType> = (event: ServerEventOf<T>, surroundings: Surroundings) => Events;

/** The dialect has no word for it, and nothing that its clients wait for is lost. */
const untold = (): Events => [];
const same = <E extends BetaServerEvent>(event: E): Events => [event];

const withItem = <Rest extends { item: Item }>(
  event: Rest,
  make: (item: NonNullable<ReturnType<typeof toBetaItem>>) => BetaServerEvent,
): Events => {
  const item = toBetaItem(event.item);
  return item ? [make(item)] : [];
};

const translators: { readonly [T in ServerEventType]: Translator<T> } = {
  "session.created": ({ event_id, session }, { conversationId }) => {
    if (session.type === "translation") return [];
    if (session.type === "transcription") {
      return [{ type: "transcription_session.created", event_id, session: toBetaTranscriptionSession(session) }];
    }
    return [
      { type: "session.created", event_id, session: toBetaSession(session) },
      {
        type: "conversation.created",
        event_id: newId("event"),
        conversation: { id: conversationId(), object: "realtime.conversation" },
      },
    ];
  },
  "session.updated": ({ event_id, session }) => {
    switch (session.type) {
      case "realtime":
        return [{ type: "session.updated", event_id, session: toBetaSession(session) }];
      case "transcription":
        return [{ type: "transcription_session.updated", event_id, session: toBetaTranscriptionSession(session) }];
      case "translation":
        return [];
      default:
        return session satisfies never;
    }
  },
  // Translation is younger than this dialect, and has a path of its own.
  "session.closed": untold,
  "session.input_transcript.delta": untold,
  "session.output_transcript.delta": untold,
  "session.output_audio.delta": untold,
  error: (event) => [{ ...event, error: toBetaError(event.error) }],
  "rate_limits.updated": same,
  "conversation.created": same,
  "conversation.item.created": (event, surroundings) => itemCreated(event, surroundings),
  "conversation.item.added": (event, surroundings) => itemCreated(event, surroundings),
  // Told when it was created; an assistant's words follow in its response.
  "conversation.item.done": untold,
  "conversation.item.retrieved": (event) => withItem(event, (item) => ({ ...event, item })),
  "conversation.item.deleted": same,
  "conversation.item.truncated": same,
  "conversation.item.input_audio_transcription.delta": same,
  "conversation.item.input_audio_transcription.completed": ({ languages: _newer, ...event }) => [event],
  "conversation.item.input_audio_transcription.failed": same,
  "conversation.item.input_audio_transcription.segment": untold,
  "input_audio_buffer.committed": (event, { visible }) => [
    { ...event, previous_item_id: visible(event.previous_item_id) },
  ],
  "input_audio_buffer.cleared": same,
  "input_audio_buffer.speech_started": same,
  "input_audio_buffer.speech_stopped": same,
  // What it causes is told: the buffer is committed, a response begins.
  "input_audio_buffer.timeout_triggered": untold,
  "input_audio_buffer.dtmf_event_received": untold,
  "output_audio_buffer.started": same,
  "output_audio_buffer.stopped": same,
  "output_audio_buffer.cleared": same,
  "response.created": ({ event_id, response }) => [
    { type: "response.created", event_id, response: toBetaResponse(response) },
  ],
  "response.done": ({ event_id, response }) => [
    { type: "response.done", event_id, response: toBetaResponse(response) },
  ],
  "response.output_item.added": (event) => withItem(event, (item) => ({ ...event, item })),
  "response.output_item.done": (event) => withItem(event, (item) => ({ ...event, item })),
  "response.content_part.added": same,
  "response.content_part.done": same,
  "response.output_text.delta": (event) => [{ ...event, type: "response.text.delta" }],
  "response.output_text.done": (event) => [{ ...event, type: "response.text.done" }],
  "response.output_audio.delta": (event) => [{ ...event, type: "response.audio.delta" }],
  "response.output_audio.done": (event) => [{ ...event, type: "response.audio.done" }],
  "response.output_audio_transcript.delta": (event) => [{ ...event, type: "response.audio_transcript.delta" }],
  "response.output_audio_transcript.done": (event) => [{ ...event, type: "response.audio_transcript.done" }],
  "response.function_call_arguments.delta": same,
  "response.function_call_arguments.done": ({ name: _newer, ...event }) => [event],
  // The server itself runs these; beta clients never heard of them, nor of the items that they belong to.
  "mcp_list_tools.in_progress": untold,
  "mcp_list_tools.completed": untold,
  "mcp_list_tools.failed": untold,
  "response.mcp_call_arguments.delta": untold,
  "response.mcp_call_arguments.done": untold,
  "response.mcp_call.in_progress": untold,
  "response.mcp_call.completed": untold,
  "response.mcp_call.failed": untold,
};

function itemCreated(
  { event_id, item, previous_item_id }: ServerEventOf<"conversation.item.added" | "conversation.item.created">,
  { visible }: Surroundings,
): Events {
  const shown = toBetaItem(item);
  if (!shown) return [];
  return [{ type: "conversation.item.created", event_id, item: shown, previous_item_id: visible(previous_item_id) }];
}

function toBetaResponse(response: ResponseResource): BetaResponse {
  const { audio, output_modalities, output, usage, temperature, ...same } = response;
  return {
    ...same,
    output: output.flatMap((item) => toBetaItem(item) ?? []),
    modalities: toBetaModalities(output_modalities),
    voice: audio.output.voice,
    output_audio_format: toBetaFormat(audio.output.format),
    temperature: temperature ?? DEFAULT_TEMPERATURE,
    usage: usage && toBetaUsage(usage),
  };
}

function toBetaUsage(usage: NonNullable<ResponseResource["usage"]>): NonNullable<BetaResponse["usage"]> {
  const { text_tokens, audio_tokens, cached_tokens, cached_tokens_details: cached } = usage.input_token_details;
  const cached_tokens_details = { text_tokens: cached.text_tokens, audio_tokens: cached.audio_tokens };
  return { ...usage, input_token_details: { text_tokens, audio_tokens, cached_tokens, cached_tokens_details } };
}

export function toBetaEvents(event: ServerEvent, surroundings: Surroundings): Events {
  // A server that we pass on may know events that we do not.
  if (!Object.hasOwn(translators, event.type)) return [];
  // The table has an entry for each type, which takes events of that type: more than the compiler can see.
  const translate = translators[event.type] as Translator<ServerEventType>;
  return translate(event as ServerEventOf<ServerEventType>, surroundings);
}
