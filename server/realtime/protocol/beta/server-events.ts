/** Every event that a beta client is told, as schemas: what the translation is held against in tests. */
import { z } from "zod";
import { maxOutputTokens, metadata } from "../primitives";
import { responseStatus, responseStatusDetails } from "../responses";
import { event, serverEventSchemas } from "../server-events";
import { betaItem } from "./items";
import { audioFormatName } from "./session";
import { betaSession, betaTranscriptionSession } from "./session-resource";

const id = z.string().min(1);
const index = z.int().min(0);
const count = z.int().min(0);

const betaResponse = z.strictObject({
  object: z.literal("realtime.response"),
  id,
  status: responseStatus,
  status_details: responseStatusDetails.nullable(),
  output: z.array(betaItem),
  conversation_id: z.string().nullable(),
  modalities: z.array(z.enum(["text", "audio"])),
  voice: z.string(),
  output_audio_format: audioFormatName,
  temperature: z.number(),
  max_output_tokens: maxOutputTokens,
  usage: z
    .strictObject({
      total_tokens: count,
      input_tokens: count,
      output_tokens: count,
      input_token_details: z.strictObject({
        text_tokens: count,
        audio_tokens: count,
        cached_tokens: count,
        cached_tokens_details: z.strictObject({ text_tokens: count, audio_tokens: count }),
      }),
      output_token_details: z.strictObject({ text_tokens: count, audio_tokens: count }),
    })
    .nullable(),
  metadata: metadata.nullable(),
});
export type BetaResponse = z.output<typeof betaResponse>;

const inResponse = { response_id: id, item_id: id, output_index: index };
const inContent = { ...inResponse, content_index: index };

/** Told in the same words by both. */
const same = [
  serverEventSchemas.error,
  serverEventSchemas["rate_limits.updated"],
  serverEventSchemas["conversation.created"],
  serverEventSchemas["conversation.item.deleted"],
  serverEventSchemas["conversation.item.truncated"],
  serverEventSchemas["conversation.item.input_audio_transcription.delta"],
  serverEventSchemas["conversation.item.input_audio_transcription.failed"],
  serverEventSchemas["input_audio_buffer.committed"],
  serverEventSchemas["input_audio_buffer.cleared"],
  serverEventSchemas["input_audio_buffer.speech_started"],
  serverEventSchemas["input_audio_buffer.speech_stopped"],
  serverEventSchemas["output_audio_buffer.started"],
  serverEventSchemas["output_audio_buffer.stopped"],
  serverEventSchemas["output_audio_buffer.cleared"],
  serverEventSchemas["response.content_part.added"],
  serverEventSchemas["response.content_part.done"],
  serverEventSchemas["response.function_call_arguments.delta"],
] as const;

export const betaServerEvent = z.discriminatedUnion("type", [
  ...same,
  event("session.created", { session: betaSession }),
  event("session.updated", { session: betaSession }),
  event("transcription_session.created", { session: betaTranscriptionSession }),
  event("transcription_session.updated", { session: betaTranscriptionSession }),
  event("conversation.item.created", { item: betaItem, previous_item_id: id.nullable() }),
  event("conversation.item.retrieved", { item: betaItem }),
  serverEventSchemas["conversation.item.input_audio_transcription.completed"].omit({ languages: true }),
  event("response.created", { response: betaResponse }),
  event("response.done", { response: betaResponse }),
  event("response.output_item.added", { response_id: id, output_index: index, item: betaItem }),
  event("response.output_item.done", { response_id: id, output_index: index, item: betaItem }),
  event("response.text.delta", { ...inContent, delta: z.string() }),
  event("response.text.done", { ...inContent, text: z.string() }),
  event("response.audio.delta", { ...inContent, delta: z.string() }),
  event("response.audio.done", inContent),
  event("response.audio_transcript.delta", { ...inContent, delta: z.string() }),
  event("response.audio_transcript.done", { ...inContent, transcript: z.string() }),
  serverEventSchemas["response.function_call_arguments.done"].omit({ name: true }),
]);

export type BetaServerEvent = z.output<typeof betaServerEvent>;
export type BetaServerEventType = BetaServerEvent["type"];

/** What is wrong with an event that a beta client was sent, in words, or null. */
export function checkBetaEvent(candidate: unknown): string | null {
  const result = betaServerEvent.safeParse(candidate);
  return result.success ? null : z.prettifyError(result.error);
}
