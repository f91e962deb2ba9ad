/** The response resource, as `response.created` and `response.done` carry it. */
import { z } from "zod";
import { item } from "./items";
import { audioFormat, maxOutputTokens, metadata } from "./primitives";

export type { Metadata } from "./primitives";

const count = z.int().min(0);

export const responseStatusDetails = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("completed") }),
  z.strictObject({ type: z.literal("cancelled"), reason: z.enum(["turn_detected", "client_cancelled"]) }),
  z.strictObject({ type: z.literal("incomplete"), reason: z.enum(["max_output_tokens", "content_filter"]) }),
  z.strictObject({
    type: z.literal("failed"),
    error: z.strictObject({ type: z.string(), code: z.string().optional(), message: z.string() }),
  }),
]);
export type ResponseStatusDetails = z.infer<typeof responseStatusDetails>;

/** Tokens: the totals are the sums of their details. */
export const responseUsage = z.strictObject({
  total_tokens: count,
  input_tokens: count,
  output_tokens: count,
  input_token_details: z.strictObject({
    text_tokens: count,
    audio_tokens: count,
    image_tokens: count,
    cached_tokens: count,
    cached_tokens_details: z.strictObject({ text_tokens: count, audio_tokens: count, image_tokens: count }),
  }),
  output_token_details: z.strictObject({ text_tokens: count, audio_tokens: count }),
});
export type ResponseUsage = z.infer<typeof responseUsage>;

export const responseStatus = z.enum(["in_progress", "completed", "cancelled", "failed", "incomplete"]);
export type ResponseStatus = z.infer<typeof responseStatus>;

export const responseResource = z.strictObject({
  object: z.literal("realtime.response"),
  id: z.string().min(1),
  status: responseStatus,
  /** Null while in progress and when all went well. */
  status_details: responseStatusDetails.nullable(),
  output: z.array(item),
  /** Null for a response outside of the conversation. */
  conversation_id: z.string().nullable(),
  output_modalities: z.array(z.enum(["text", "audio"])).length(1),
  max_output_tokens: maxOutputTokens,
  /** A custom voice is shown by its id. */
  audio: z.strictObject({ output: z.strictObject({ format: audioFormat, voice: z.string() }) }),
  /** Null until the response is done. */
  usage: responseUsage.nullable(),
  metadata: metadata.nullable(),
  /** Only where somebody set it, which GA clients cannot. */
  temperature: z.number().optional(),
});
export type ResponseResource = z.output<typeof responseResource>;
