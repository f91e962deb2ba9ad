/** Every event a client may send, validated strictly. */
import { z } from "zod";
import { itemInput, responseInputItem } from "./items";
import { parseEvent } from "./parse-event";
import type { ParsedEvent } from "./parse-event";
import { audioFormat, clientEventId, integer, maxOutputTokens, metadata, outputModalities, voice } from "./primitives";
import { conversationalSession } from "./session-schema";
import type { ConversationConfigInput, WithTemperature } from "./session-schema";
import { prompt, reasoning, toolChoice, tools } from "./tools";
import type { TranslationEvent } from "./translation-events";

export const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), event_id: clientEventId.optional(), ...shape });

export const existingId = z.string().min(1).max(512);

export const responseCreateParams = z.strictObject({
  conversation: z.enum(["auto", "none"]).optional(),
  input: z.array(responseInputItem).optional(),
  instructions: z.string().optional(),
  output_modalities: outputModalities.optional(),
  audio: z
    .strictObject({
      output: z.strictObject({ format: audioFormat.optional(), voice: voice.optional() }).optional(),
    })
    .optional(),
  max_output_tokens: maxOutputTokens.optional(),
  metadata: metadata.nullish(),
  tools: tools.optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  prompt: prompt.nullish(),
  reasoning: reasoning.optional(),
});
export type ResponseCreateParams = z.output<typeof responseCreateParams> & WithTemperature;

export const clientEventSchemas = {
  "session.update": event("session.update", { session: conversationalSession }),
  "input_audio_buffer.append": event("input_audio_buffer.append", { audio: z.string() }),
  "input_audio_buffer.commit": event("input_audio_buffer.commit", {}),
  "input_audio_buffer.clear": event("input_audio_buffer.clear", {}),
  "output_audio_buffer.clear": event("output_audio_buffer.clear", {}),
  "conversation.item.create": event("conversation.item.create", {
    previous_item_id: existingId.optional(),
    item: itemInput,
  }),
  "conversation.item.retrieve": event("conversation.item.retrieve", { item_id: existingId }),
  "conversation.item.truncate": event("conversation.item.truncate", {
    item_id: existingId,
    content_index: integer(0),
    audio_end_ms: integer(0),
  }),
  "conversation.item.delete": event("conversation.item.delete", { item_id: existingId }),
  "response.create": event("response.create", { response: responseCreateParams.optional() }),
  "response.cancel": event("response.cancel", { response_id: existingId.optional() }),
};

export type ClientEventType = keyof typeof clientEventSchemas;
/** What only other dialects can say is there too, as in `ConversationConfigInput`. */
export type ClientEventOf<T extends ClientEventType> = Widened<T, z.output<(typeof clientEventSchemas)[T]>>;
type Widened<T, Event> = T extends "session.update"
  ? Omit<Event, "session"> & { session: ConversationConfigInput }
  : T extends "response.create"
    ? Omit<Event, "response"> & { response?: ResponseCreateParams }
    : Event;
/** An event as a client may write it: the fields that get a value on the way in are optional. */
export type ClientEventInputOf<T extends ClientEventType> = z.input<(typeof clientEventSchemas)[T]>;
/** A validated event of any type, on the main path: of a conversation or a transcription. */
export type ConversationEvent = { [T in ClientEventType]: ClientEventOf<T> }[ClientEventType];
/** A validated event of any session. */
export type ClientEvent = ConversationEvent | TranslationEvent;

export type ParsedClientEvent = ParsedEvent<ConversationEvent>;

/** Checks one decoded JSON value. Never throws. */
export function parseClientEvent(value: unknown): ParsedClientEvent {
  return parseEvent<ConversationEvent>(value, clientEventSchemas);
}
