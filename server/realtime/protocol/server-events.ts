/** Every event a server may send: the official union, with the optional fields that we always send made required. */
import { z } from "zod";
import { item } from "./items";
import { responseResource } from "./responses";
import { sessionResource } from "./session-resource";

const id = z.string().min(1);
const index = z.int().min(0);
const milliseconds = z.int().min(0);
const tokens = z.int().min(0);

export const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), event_id: id, ...shape });

const inResponse = { response_id: id, item_id: id, output_index: index };
const inContent = { ...inResponse, content_index: index };

const logprobs = z
  .array(z.strictObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.int().min(0).max(255)) }))
  .nullish();

const transcriptUsage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("tokens"),
    total_tokens: tokens,
    input_tokens: tokens,
    output_tokens: tokens,
    input_token_details: z.strictObject({ text_tokens: tokens, audio_tokens: tokens }),
  }),
  z.strictObject({ type: z.literal("duration"), seconds: z.number().min(0) }),
]);

/** Named as the official types name them: not `output_text` and `output_audio`, as in items. */
const responsePart = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({ type: z.literal("audio"), audio: z.string().optional(), transcript: z.string() }),
]);
export type ResponsePart = z.infer<typeof responsePart>;

const placedItem = { item, previous_item_id: id.nullable() };

const sessionEvents = [
  event("session.created", { session: sessionResource }),
  event("session.updated", { session: sessionResource }),
  event("error", {
    error: z.strictObject({
      type: z.string(),
      code: z.string().nullable(),
      message: z.string(),
      param: z.string().nullable(),
      event_id: z.string().nullable(),
    }),
  }),
  event("rate_limits.updated", {
    rate_limits: z.array(
      z.strictObject({
        name: z.enum(["requests", "tokens"]),
        limit: z.number(),
        remaining: z.number(),
        reset_seconds: z.number(),
      }),
    ),
  }),
] as const;

const conversationEvents = [
  event("conversation.created", {
    conversation: z.strictObject({ id, object: z.literal("realtime.conversation") }),
  }),
  event("conversation.item.created", placedItem),
  event("conversation.item.added", placedItem),
  event("conversation.item.done", placedItem),
  event("conversation.item.retrieved", { item }),
  event("conversation.item.deleted", { item_id: id }),
  event("conversation.item.truncated", { item_id: id, content_index: index, audio_end_ms: milliseconds }),
  event("conversation.item.input_audio_transcription.delta", {
    item_id: id,
    content_index: index,
    delta: z.string(),
    logprobs,
  }),
  event("conversation.item.input_audio_transcription.completed", {
    item_id: id,
    content_index: index,
    transcript: z.string(),
    usage: transcriptUsage,
    languages: z.array(z.strictObject({ code: z.string() })).optional(),
    logprobs,
  }),
  event("conversation.item.input_audio_transcription.failed", {
    item_id: id,
    content_index: index,
    error: z.strictObject({
      type: z.string(),
      code: z.string().optional(),
      message: z.string(),
      param: z.string().optional(),
    }),
  }),
  event("conversation.item.input_audio_transcription.segment", {
    id,
    item_id: id,
    content_index: index,
    text: z.string(),
    speaker: z.string(),
    start: z.number(),
    end: z.number(),
  }),
] as const;

/** Where an event belongs in the audio that came in: whole frames of 200 ms. */
const aligned = { delta: z.string(), elapsed_ms: milliseconds };

const translationEvents = [
  event("session.closed", {}),
  event("session.input_transcript.delta", aligned),
  event("session.output_transcript.delta", aligned),
  event("session.output_audio.delta", {
    ...aligned,
    channels: z.literal(1),
    format: z.literal("pcm16"),
    sample_rate: z.literal(24_000),
  }),
] as const;

const audioBufferEvents = [
  event("input_audio_buffer.committed", { item_id: id, previous_item_id: id.nullable() }),
  event("input_audio_buffer.cleared", {}),
  event("input_audio_buffer.speech_started", { item_id: id, audio_start_ms: milliseconds }),
  event("input_audio_buffer.speech_stopped", { item_id: id, audio_end_ms: milliseconds }),
  event("input_audio_buffer.timeout_triggered", {
    item_id: id,
    audio_start_ms: milliseconds,
    audio_end_ms: milliseconds,
  }),
  event("input_audio_buffer.dtmf_event_received", { event: z.string(), received_at: z.int() }),
  event("output_audio_buffer.started", { response_id: id }),
  event("output_audio_buffer.stopped", { response_id: id }),
  event("output_audio_buffer.cleared", { response_id: id }),
] as const;

const responseEvents = [
  event("response.created", { response: responseResource }),
  event("response.done", { response: responseResource }),
  event("response.output_item.added", { response_id: id, output_index: index, item }),
  event("response.output_item.done", { response_id: id, output_index: index, item }),
  event("response.content_part.added", { ...inContent, part: responsePart }),
  event("response.content_part.done", { ...inContent, part: responsePart }),
  event("response.output_text.delta", { ...inContent, delta: z.string() }),
  event("response.output_text.done", { ...inContent, text: z.string() }),
  event("response.output_audio.delta", { ...inContent, delta: z.string() }),
  event("response.output_audio.done", inContent),
  event("response.output_audio_transcript.delta", { ...inContent, delta: z.string() }),
  event("response.output_audio_transcript.done", { ...inContent, transcript: z.string() }),
  event("response.function_call_arguments.delta", { ...inResponse, call_id: id, delta: z.string() }),
  event("response.function_call_arguments.done", {
    ...inResponse,
    call_id: id,
    name: z.string(),
    arguments: z.string(),
  }),
] as const;

const mcpEvents = [
  event("mcp_list_tools.in_progress", { item_id: id }),
  event("mcp_list_tools.completed", { item_id: id }),
  event("mcp_list_tools.failed", { item_id: id }),
  event("response.mcp_call_arguments.delta", {
    ...inResponse,
    delta: z.string(),
    obfuscation: z.string().nullish(),
  }),
  event("response.mcp_call_arguments.done", { ...inResponse, arguments: z.string() }),
  event("response.mcp_call.in_progress", { item_id: id, output_index: index }),
  event("response.mcp_call.completed", { item_id: id, output_index: index }),
  event("response.mcp_call.failed", { item_id: id, output_index: index }),
] as const;

export const serverEventSchema = z.discriminatedUnion("type", [
  ...sessionEvents,
  ...conversationEvents,
  ...audioBufferEvents,
  ...responseEvents,
  ...mcpEvents,
  ...translationEvents,
]);

export type ServerEvent = z.output<typeof serverEventSchema>;
export type ServerEventType = ServerEvent["type"];
export type ServerEventOf<T extends ServerEventType> = Extract<ServerEvent, { type: T }>;

type EventSchema = (typeof serverEventSchema.options)[number];
/** The schema of each event, by its type. */
export const serverEventSchemas = Object.fromEntries(
  serverEventSchema.options.map((schema) => [schema.shape.type.value, schema]),
) as unknown as { readonly [T in ServerEventType]: Extract<EventSchema, { shape: { type: z.ZodLiteral<T> } }> };

type WithoutEventId<E> = E extends unknown ? Omit<E, "event_id"> : never;
/** An event before the session's writer has given it an id. */
export type ServerEventBody = WithoutEventId<ServerEvent>;

/** What is wrong with an event that is about to be sent, in words, or null. For development and tests. */
export function checkServerEvent(candidate: unknown): string | null {
  const result = serverEventSchema.safeParse(candidate);
  return result.success ? null : z.prettifyError(result.error);
}
