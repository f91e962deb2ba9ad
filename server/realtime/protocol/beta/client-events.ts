/** Every event a beta client may send, validated strictly under its own names and handed on as a GA event. */
import { z } from "zod";
import { clientEventSchemas, event, existingId } from "../client-events";
import type { ClientEvent, ResponseCreateParams } from "../client-events";
import { parseEvent } from "../parse-event";
import type { EventSchemas, ParsedEvent } from "../parse-event";
import { maxOutputTokens, metadata } from "../primitives";
import { itemInput, responseInputItem } from "./items";
import {
  audioFormatName,
  modalities,
  realtimeFields,
  temperature,
  toGaFormat,
  toGaModalities,
  toGaSession,
  toGaTranscriptionSession,
  toolChoice,
  tools,
  transcriptionFields,
} from "./session";

const responseParams = z
  .strictObject({
    conversation: z.enum(["auto", "none"]).optional(),
    input: z.array(responseInputItem).optional(),
    instructions: z.string().optional(),
    modalities: modalities.optional(),
    voice: z.string().min(1).max(256).optional(),
    output_audio_format: audioFormatName.optional(),
    temperature: temperature.optional(),
    max_response_output_tokens: maxOutputTokens.optional(),
    /** As the first clients wrote it. */
    max_output_tokens: maxOutputTokens.optional(),
    metadata: metadata.nullish(),
    tools: tools.optional(),
    tool_choice: toolChoice.optional(),
  })
  .transform((given): ResponseCreateParams => {
    const { modalities, voice, output_audio_format, max_response_output_tokens, max_output_tokens, ...same } = given;
    const format = toGaFormat(output_audio_format);
    return {
      ...same,
      output_modalities: toGaModalities(modalities),
      max_output_tokens: max_response_output_tokens ?? max_output_tokens,
      ...((voice ?? format) === undefined ? {} : { audio: { output: { voice, format } } }),
    };
  });

const {
  "input_audio_buffer.append": append,
  "input_audio_buffer.commit": commit,
  "input_audio_buffer.clear": clear,
  "output_audio_buffer.clear": outputClear,
  "conversation.item.retrieve": retrieve,
  "conversation.item.truncate": truncate,
  "conversation.item.delete": remove,
  "response.cancel": cancel,
} = clientEventSchemas;

export const betaClientSchemas = {
  "session.update": event("session.update", { session: realtimeFields.transform(toGaSession) }),
  "transcription_session.update": event("transcription_session.update", {
    session: transcriptionFields.transform(toGaTranscriptionSession),
  }).transform((update) => ({ ...update, type: "session.update" as const })),
  "input_audio_buffer.append": append,
  "input_audio_buffer.commit": commit,
  "input_audio_buffer.clear": clear,
  "output_audio_buffer.clear": outputClear,
  "conversation.item.create": event("conversation.item.create", {
    previous_item_id: existingId.nullish().transform((id) => id ?? undefined),
    item: itemInput,
  }),
  "conversation.item.retrieve": retrieve,
  "conversation.item.truncate": truncate,
  "conversation.item.delete": remove,
  "response.create": event("response.create", { response: responseParams.optional() }),
  "response.cancel": cancel,
} satisfies EventSchemas<ClientEvent>;

/** Checks one decoded JSON value. Never throws. */
export function parseBetaEvent(value: unknown): ParsedEvent<ClientEvent> {
  return parseEvent<ClientEvent>(value, betaClientSchemas);
}
