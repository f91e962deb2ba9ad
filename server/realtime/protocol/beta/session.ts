/** The session as beta clients configure it: flat. Each schema hands on what a GA client would have said. */
import { z } from "zod";
import { decimal, maxOutputTokens, type AudioFormat } from "../primitives";
import { include, realtimeTurnDetection, tracing } from "../session-schema";
import type { RealtimeConfigInput, TranscriptionSessionInput } from "../session-schema";
import { functionTool, prompt } from "../tools";
import type { ToolChoiceConfig } from "../tools";

export const audioFormatName = z.enum(["pcm16", "g711_ulaw", "g711_alaw"]);
export type AudioFormatName = z.output<typeof audioFormatName>;

const FORMATS: Readonly<Record<AudioFormatName, AudioFormat>> = {
  pcm16: { type: "audio/pcm", rate: 24_000 },
  g711_ulaw: { type: "audio/pcmu" },
  g711_alaw: { type: "audio/pcma" },
};

export function toGaFormat(name: AudioFormatName | undefined): AudioFormat | undefined {
  return name && FORMATS[name];
}

/** Audio always comes with its words here too, but is asked for together with them. */
export const modalities = z
  .array(z.enum(["text", "audio"]))
  .refine((list) => list.includes("text") && list.length <= 2, "modalities with text");

export function toGaModalities(list: readonly ("text" | "audio")[] | undefined): ("text" | "audio")[] | undefined {
  return list && [list.includes("audio") ? "audio" : "text"];
}

/** What was documented for the model's chance, as long as it could be set. */
export const temperature = decimal(0.6, 1.2);

const namedFunction = z.union([
  z.strictObject({ type: z.literal("function"), name: z.string().min(1) }),
  z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: z.string().min(1) }) }),
]);

export const toolChoice = z
  .union([z.enum(["none", "auto", "required"]), namedFunction])
  .transform((choice): ToolChoiceConfig => {
    if (typeof choice === "string") return choice;
    return { type: "function", name: "name" in choice ? choice.name : choice.function.name };
  });

export const tools = z.array(functionTool).max(128);

const noiseReduction = z.strictObject({ type: z.enum(["near_field", "far_field"]).optional() });
const transcription = z.strictObject({
  model: z.string().min(1).max(256).optional(),
  language: z.string().optional(),
  prompt: z.string().optional(),
});

const serverVad = realtimeTurnDetection.options[0].extend({ type: z.literal("server_vad").optional() });
const turnDetection = z
  .discriminatedUnion("type", [serverVad, realtimeTurnDetection.options[1]])
  .transform((detection) =>
    detection.type === "semantic_vad" ? detection : { ...detection, type: "server_vad" as const },
  );

/** How long a client secret lives; asked for in REST bodies, and without a meaning in an event. */
const lifetime = z.strictObject({
  anchor: z.literal("created_at").optional(),
  seconds: z.int().min(10).max(7200).optional(),
});

const inputFields = {
  input_audio_format: audioFormatName.optional(),
  input_audio_noise_reduction: noiseReduction.nullish(),
  input_audio_transcription: transcription.nullish(),
  turn_detection: turnDetection.nullish(),
  include: include.nullish(),
};

export const realtimeFields = z.strictObject({
  ...inputFields,
  client_secret: z.strictObject({ expires_after: lifetime.optional() }).optional(),
  model: z.string().min(1).max(256).optional(),
  modalities: modalities.optional(),
  instructions: z.string().optional(),
  voice: z.string().min(1).max(256).optional(),
  output_audio_format: audioFormatName.optional(),
  speed: decimal(0.25, 1.5).optional(),
  temperature: temperature.optional(),
  max_response_output_tokens: maxOutputTokens.optional(),
  tools: tools.optional(),
  tool_choice: toolChoice.optional(),
  tracing: tracing.nullish(),
  prompt: prompt.nullish(),
});

export const transcriptionFields = z.strictObject({
  ...inputFields,
  client_secret: z.strictObject({ expires_at: lifetime.optional(), expires_after: lifetime.optional() }).optional(),
  /** Written by some clients, and without a meaning: nobody answers. */
  modalities: z.array(z.enum(["text", "audio"])).optional(),
});

function inputOf(given: z.output<typeof transcriptionFields> | z.output<typeof realtimeFields>) {
  return {
    format: toGaFormat(given.input_audio_format),
    noise_reduction: given.input_audio_noise_reduction,
    transcription: given.input_audio_transcription,
    turn_detection: given.turn_detection,
  };
}

export function toGaSession(given: z.output<typeof realtimeFields>): RealtimeConfigInput {
  return {
    type: "realtime",
    model: given.model,
    instructions: given.instructions,
    output_modalities: toGaModalities(given.modalities),
    audio: {
      input: inputOf(given),
      output: { format: toGaFormat(given.output_audio_format), voice: given.voice, speed: given.speed },
    },
    include: given.include,
    temperature: given.temperature,
    max_output_tokens: given.max_response_output_tokens,
    tools: given.tools,
    tool_choice: given.tool_choice,
    tracing: given.tracing,
    prompt: given.prompt,
  };
}

export function toGaTranscriptionSession(given: z.output<typeof transcriptionFields>): TranscriptionSessionInput {
  return { type: "transcription", audio: { input: inputOf(given) }, include: given.include };
}
