/**
 * What a client may put into a session: the official shapes of each kind of session, told apart by `type` and strict at
 * every level.
 */
import { z } from "zod";
import type { ProtocolError } from "./errors";
import { toProtocolError } from "./issues";
import { audioFormat, decimal, integer, maxOutputTokens, outputModalities, voice } from "./primitives";
import { prompt, reasoning, toolChoice, tools } from "./tools";
import { checkStructure } from "./structure";
import type { TranslationConfigInput } from "./translation";

const noiseReduction = z.strictObject({
  type: z.enum(["near_field", "far_field"]).optional(),
  /** 0 leaves the audio alone, 1 is full strength. */
  strength: decimal(0, 1).optional(),
});

export const transcription = z.strictObject({
  model: z.string().min(1).max(256).optional(),
  /** ISO-639-1, for example `en`. */
  language: z.string().optional(),
  languages: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  delay: z.enum(["minimal", "low", "medium", "high", "xhigh"]).optional(),
});

export const realtimeTurnDetection = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("server_vad"),
    threshold: decimal(0, 1).optional(),
    prefix_padding_ms: integer(0).optional(),
    silence_duration_ms: integer(0).optional(),
    idle_timeout_ms: integer(5_000, 30_000).nullish(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal("semantic_vad"),
    eagerness: z.enum(["low", "medium", "high", "auto"]).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
]);

export const include = z.array(z.enum(["item.input_audio_transcription.logprobs"]));

export const tracing = z.union([
  z.literal("auto"),
  z.strictObject({
    workflow_name: z.string().optional(),
    group_id: z.string().optional(),
    metadata: z.unknown().optional(),
  }),
]);

export const truncation = z.union([
  z.enum(["auto", "disabled"]),
  z.strictObject({
    type: z.literal("retention_ratio"),
    retention_ratio: decimal(0, 1),
    token_limits: z.strictObject({ post_instructions: integer(0).optional() }).optional(),
  }),
]);

const audioInput = z.strictObject({
  format: audioFormat.optional(),
  noise_reduction: noiseReduction.nullish(),
  transcription: transcription.nullish(),
  turn_detection: realtimeTurnDetection.nullish(),
});

const audioOutput = z.strictObject({
  format: audioFormat.optional(),
  voice: voice.optional(),
  speed: decimal(0.25, 1.5).optional(),
});

export const realtimeSession = z.strictObject({
  type: z.literal("realtime"),
  model: z.string().min(1).max(256).optional(),
  instructions: z.string().optional(),
  output_modalities: outputModalities.optional(),
  audio: z.strictObject({ input: audioInput.optional(), output: audioOutput.optional() }).optional(),
  include: include.nullish(),
  max_output_tokens: maxOutputTokens.optional(),
  tools: tools.optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  prompt: prompt.nullish(),
  reasoning: reasoning.optional(),
  tracing: tracing.nullish(),
  truncation: truncation.optional(),
});

export const transcriptionSession = z.strictObject({
  type: z.literal("transcription"),
  audio: z.strictObject({ input: audioInput.optional() }).optional(),
  include: include.nullish(),
});

/** The kinds of session that one WebSocket path serves; translation has a path, and events, of its own. */
export const conversationalSession = z.discriminatedUnion("type", [realtimeSession, transcriptionSession]);

/**
 * How much chance the model takes, which GA clients cannot say: the beta dialect and the host can, for one. Undefined:
 * the engine's own.
 */
export interface WithTemperature {
  readonly temperature?: number | undefined;
}

/** A validated `session`, with nothing filled in but the types that the official shape lets a client leave out. */
export type RealtimeConfigInput = z.output<typeof realtimeSession> & WithTemperature;
export type TranscriptionSessionInput = z.output<typeof transcriptionSession>;
export type ConversationConfigInput = RealtimeConfigInput | TranscriptionSessionInput;
export type SessionConfigInput = ConversationConfigInput | TranslationConfigInput;
/** What may come in on the main path. */
export type ConversationKind = ConversationConfigInput["type"];
export type SessionKind = SessionConfigInput["type"];

export type TurnDetectionInput = z.output<typeof realtimeTurnDetection>;
export type NoiseReductionInput = z.output<typeof noiseReduction>;
export type TranscriptionConfig = z.output<typeof transcription>;
export type TracingConfig = z.output<typeof tracing>;
export type TruncationConfig = z.output<typeof truncation>;

export type ParsedSessionConfig =
  | { readonly ok: true; readonly config: ConversationConfigInput }
  | { readonly ok: false; readonly error: ProtocolError };

/** Checks a `session` that came some other way than in an event, for example in a REST body. Never throws. */
export function parseSessionConfig(value: unknown): ParsedSessionConfig {
  const refused = checkStructure(value, "session");
  if (refused) return { ok: false, error: refused };
  const result = conversationalSession.safeParse(value);
  if (result.success) return { ok: true, config: result.data };
  return { ok: false, error: toProtocolError(result.error, value, "session") };
}
