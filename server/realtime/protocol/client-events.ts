/** Every event a client may send, validated strictly. */
import { z } from "zod";
import { errors } from "./errors";
import type { ProtocolError } from "./errors";
import { toProtocolError } from "./issues";
import { itemInput, responseInputItem } from "./items";
import { audioFormat, clientEventId, maxOutputTokens, outputModalities, voice } from "./primitives";
import { metadata } from "./responses";
import { realtimeSession } from "./session-schema";
import { prompt, reasoning, toolChoice, tools } from "./tools";

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), event_id: clientEventId.optional(), ...shape });

const existingId = z.string().min(1).max(512);

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
export type ResponseCreateParams = z.output<typeof responseCreateParams>;

const schemas = {
  "session.update": event("session.update", { session: realtimeSession }),
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
    content_index: z.int().min(0),
    audio_end_ms: z.int().min(0),
  }),
  "conversation.item.delete": event("conversation.item.delete", { item_id: existingId }),
  "response.create": event("response.create", { response: responseCreateParams.optional() }),
  "response.cancel": event("response.cancel", { response_id: existingId.optional() }),
};

export type ClientEventType = keyof typeof schemas;
export type ClientEventOf<T extends ClientEventType> = z.output<(typeof schemas)[T]>;
export type ClientEvent = { [T in ClientEventType]: ClientEventOf<T> }[ClientEventType];

export type ParsedClientEvent =
  | { readonly ok: true; readonly event: ClientEvent }
  | { readonly ok: false; readonly error: ProtocolError; readonly eventId: string | null };

/** Checks one decoded JSON value. Never throws. */
export function parseClientEvent(value: unknown): ParsedClientEvent {
  void value;
  return { ok: false, error: errors.serverError(), eventId: null };
}
void toProtocolError;
void schemas;
