/** The session as `session.created` and `session.updated` echo it. */
import { z } from "zod";
import { audioFormat, maxOutputTokens, voice } from "./primitives";
import type { AudioInputConfig, RealtimeConfig, SessionConfig, TranscriptionSessionConfig } from "./session-config";
import { withoutToolSecrets } from "./secrets";
import { prompt, reasoning, tool, toolChoice } from "./tools";
import { include, tracing, transcription, truncation } from "./session-schema";
import { translationResource, type TranslationConfig, type TranslationSessionResource } from "./translation";

const turnDetection = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("server_vad"),
    threshold: z.number(),
    prefix_padding_ms: z.number(),
    silence_duration_ms: z.number(),
    idle_timeout_ms: z.number().nullable(),
    create_response: z.boolean(),
    interrupt_response: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("semantic_vad"),
    eagerness: z.enum(["low", "medium", "high", "auto"]),
    create_response: z.boolean(),
    interrupt_response: z.boolean(),
  }),
]);

const noiseReduction = z.strictObject({ type: z.enum(["near_field", "far_field"]), strength: z.number() });

export const realtimeResource = z.strictObject({
  object: z.literal("realtime.session"),
  id: z.string().min(1),
  type: z.literal("realtime"),
  model: z.string(),
  /** Seconds since the epoch. */
  expires_at: z.int(),
  instructions: z.string(),
  output_modalities: z.array(z.enum(["text", "audio"])),
  audio: z.strictObject({
    input: z.strictObject({
      format: audioFormat,
      noise_reduction: noiseReduction.nullable(),
      transcription: transcription.nullable(),
      turn_detection: turnDetection.nullable(),
    }),
    output: z.strictObject({ format: audioFormat, voice, speed: z.number() }),
  }),
  include: include.nullable(),
  max_output_tokens: maxOutputTokens,
  tools: z.array(tool),
  tool_choice: toolChoice,
  parallel_tool_calls: z.boolean().optional(),
  prompt: prompt.nullable(),
  reasoning: reasoning.optional(),
  /** Only where somebody set it, which GA clients cannot. */
  temperature: z.number().optional(),
  tracing: tracing.nullable(),
  truncation,
});
export type RealtimeSessionResource = z.output<typeof realtimeResource>;

export const transcriptionResource = z.strictObject({
  object: z.literal("realtime.transcription_session"),
  id: z.string().min(1),
  type: z.literal("transcription"),
  /** Seconds since the epoch. */
  expires_at: z.int(),
  audio: z.strictObject({
    input: z.strictObject({
      format: audioFormat,
      noise_reduction: noiseReduction.nullable(),
      transcription: transcription.nullable(),
      turn_detection: z
        .discriminatedUnion("type", [
          turnDetection.options[0].pick({
            type: true,
            threshold: true,
            prefix_padding_ms: true,
            silence_duration_ms: true,
          }),
          turnDetection.options[1].pick({ type: true, eagerness: true }),
        ])
        .nullable(),
    }),
  }),
  include: include.nullable(),
});
export type TranscriptionSessionResource = z.output<typeof transcriptionResource>;

export const sessionResource = z.discriminatedUnion("type", [
  realtimeResource,
  transcriptionResource,
  translationResource,
]);
/** When it ends is known only once it has begun. */
export const unbegunSessionResource = z.discriminatedUnion("type", [
  realtimeResource.omit({ expires_at: true }),
  transcriptionResource.omit({ expires_at: true }),
]);
export type SessionResource = z.output<typeof sessionResource>;
/** What a client on the main path is shown. */
export type ConversationResource = RealtimeSessionResource | TranscriptionSessionResource;

interface Named {
  readonly id: string;
  /** In seconds since the epoch. */
  readonly expiresAt: number;
}

/** What the client is shown. */
export function toSessionResource(config: RealtimeConfig, session: Named): RealtimeSessionResource;
export function toSessionResource(config: SessionConfig, session: Named): ConversationResource;
export function toSessionResource(config: TranslationConfig, session: Named): TranslationSessionResource;
export function toSessionResource(config: SessionConfig | TranslationConfig, session: Named): SessionResource {
  switch (config.type) {
    case "realtime":
      return showRealtime(config, session);
    case "transcription":
      return showTranscription(config, session);
    case "translation":
      return showTranslation(config, session);
    default:
      return config satisfies never;
  }
}

function showRealtime(config: RealtimeConfig, { id, expiresAt }: Named): RealtimeSessionResource {
  const { parallel_tool_calls, reasoning: effort, temperature, ...rest } = config;
  return {
    object: "realtime.session",
    id,
    expires_at: expiresAt,
    ...rest,
    output_modalities: [...config.output_modalities],
    include: config.include && [...config.include],
    tools: config.tools.map(withoutToolSecrets),
    ...(parallel_tool_calls === null ? {} : { parallel_tool_calls }),
    ...(effort === null ? {} : { reasoning: effort }),
    ...(temperature === null ? {} : { temperature }),
  };
}

function showTranscription(
  { audio: { input }, include: included }: TranscriptionSessionConfig,
  { id, expiresAt }: Named,
): TranscriptionSessionResource {
  return {
    object: "realtime.transcription_session",
    id,
    type: "transcription",
    expires_at: expiresAt,
    audio: { input: { ...input, turn_detection: detectionResource(input.turn_detection) } },
    include: included && [...included],
  };
}

function showTranslation(config: TranslationConfig, { id, expiresAt }: Named): TranslationSessionResource {
  return { id, expires_at: expiresAt, ...config };
}

type DetectionResource = TranscriptionSessionResource["audio"]["input"]["turn_detection"];

/** Without what only means something where somebody answers. */
function detectionResource(detection: AudioInputConfig["turn_detection"]): DetectionResource {
  switch (detection?.type) {
    case undefined:
      return null;
    case "server_vad": {
      const { type, threshold, prefix_padding_ms, silence_duration_ms } = detection;
      return { type, threshold, prefix_padding_ms, silence_duration_ms };
    }
    case "semantic_vad":
      return { type: detection.type, eagerness: detection.eagerness };
    default:
      return detection satisfies never;
  }
}
