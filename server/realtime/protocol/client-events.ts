/** Every event a client may send, validated strictly. */
import { z } from "zod";
import { errors, ProtocolError } from "./errors";
import { kindOf, toProtocolError } from "./issues";
import { itemInput, responseInputItem } from "./items";
import { audioFormat, clientEventId, integer, maxOutputTokens, metadata, outputModalities, voice } from "./primitives";
import { conversationalSession } from "./session-schema";
import { checkStructure } from "./structure";
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

export type ClientEventType = keyof typeof schemas;
export type ClientEventOf<T extends ClientEventType> = z.output<(typeof schemas)[T]>;
/** An event as a client may write it: the fields that get a value on the way in are optional. */
export type ClientEventInputOf<T extends ClientEventType> = z.input<(typeof schemas)[T]>;
/** A validated event of any type. */
export type ClientEvent = { [T in ClientEventType]: ClientEventOf<T> }[ClientEventType];

export type ParsedClientEvent =
  | { readonly ok: true; readonly event: ClientEvent }
  | { readonly ok: false; readonly error: ProtocolError; readonly eventId: string | null };

const supportedTypes = Object.keys(schemas);

function isClientEventType(type: string): type is ClientEventType {
  return Object.hasOwn(schemas, type);
}

/** Why a value is no event at all, or the schema of the event that it says it is. */
function schemaFor(value: object): ProtocolError | (typeof schemas)[ClientEventType] {
  const type: unknown = Object.hasOwn(value, "type") ? Reflect.get(value, "type") : undefined;
  if (type === undefined) return errors.missingParameter("type");
  if (typeof type !== "string") return errors.invalidType("type", "a string", kindOf(type));
  if (!isClientEventType(type)) return errors.invalidEventType(type, supportedTypes);
  return schemas[type];
}

/** The id that the client gave an event, if it can be echoed. */
function eventIdOf(value: object): string | null {
  const result = clientEventId.safeParse(Object.hasOwn(value, "event_id") ? Reflect.get(value, "event_id") : undefined);
  return result.success ? result.data : null;
}

/** Checks one decoded JSON value. Never throws. */
export function parseClientEvent(value: unknown): ParsedClientEvent {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, error: errors.notAnObject(kindOf(value)), eventId: null };
  }
  const eventId = eventIdOf(value);
  const refused = checkStructure(value);
  if (refused) return { ok: false, error: refused, eventId };
  const schema = schemaFor(value);
  if (schema instanceof ProtocolError) return { ok: false, error: schema, eventId };
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, event: result.data };
  return { ok: false, error: toProtocolError(result.error, value), eventId };
}
