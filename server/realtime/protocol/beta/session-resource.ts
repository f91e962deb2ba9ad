/** The session as beta clients are shown it: flat again, without what they cannot know. */
import { z } from "zod";
import type { AudioFormat } from "../primitives";
import { maxOutputTokens } from "../primitives";
import type { RealtimeSessionResource, ConversationResource, TranscriptionSessionResource } from "../session-resource";
import { realtimeResource, transcriptionResource } from "../session-resource";
import { functionTool, prompt } from "../tools";
import type { ToolChoiceConfig } from "../tools";
import { audioFormatName, type AudioFormatName } from "./session";

/** What the beta service began with. The engine keeps its own choice until a client says otherwise. */
export const DEFAULT_TEMPERATURE = 0.8;

const realtimeInput = realtimeResource.shape.audio.shape.input.shape;
const transcriptionInput = transcriptionResource.shape.audio.shape.input.shape;

const common = {
  id: z.string().min(1),
  /** Seconds since the epoch. */
  expires_at: z.int(),
  input_audio_format: audioFormatName,
  input_audio_noise_reduction: z.strictObject({ type: z.enum(["near_field", "far_field"]) }).nullable(),
  input_audio_transcription: z
    .strictObject({ model: z.string().optional(), language: z.string().optional(), prompt: z.string().optional() })
    .nullable(),
  include: realtimeResource.shape.include,
};

export const betaToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.strictObject({ type: z.literal("function"), name: z.string() }),
]);

export const betaSession = z.strictObject({
  ...common,
  object: z.literal("realtime.session"),
  model: z.string(),
  modalities: z.array(z.enum(["text", "audio"])),
  instructions: z.string(),
  voice: z.string(),
  output_audio_format: audioFormatName,
  turn_detection: realtimeInput.turn_detection,
  speed: z.number(),
  temperature: z.number(),
  max_response_output_tokens: maxOutputTokens,
  tools: z.array(functionTool),
  tool_choice: betaToolChoice,
  tracing: realtimeResource.shape.tracing,
  prompt: prompt.nullable(),
});
export type BetaSession = z.output<typeof betaSession>;

export const betaTranscriptionSession = z.strictObject({
  ...common,
  object: z.literal("realtime.transcription_session"),
  turn_detection: transcriptionInput.turn_detection,
});
export type BetaTranscriptionSession = z.output<typeof betaTranscriptionSession>;

export function toBetaFormat({ type }: AudioFormat): AudioFormatName {
  switch (type) {
    case "audio/pcm":
      return "pcm16";
    case "audio/pcmu":
      return "g711_ulaw";
    case "audio/pcma":
      return "g711_alaw";
    default:
      return type satisfies never;
  }
}

export function toBetaModalities(list: readonly ("text" | "audio")[]): ("text" | "audio")[] {
  return list.includes("audio") ? ["text", "audio"] : ["text"];
}

export function toBetaToolChoice(choice: ToolChoiceConfig): z.output<typeof betaToolChoice> {
  if (typeof choice === "string") return choice;
  return choice.type === "function" ? choice : "auto";
}

function commonOf({ id, expires_at, audio: { input }, include }: ConversationResource) {
  const { noise_reduction, transcription } = input;
  return {
    id,
    expires_at,
    input_audio_format: toBetaFormat(input.format),
    input_audio_noise_reduction: noise_reduction && { type: noise_reduction.type },
    input_audio_transcription: transcription && {
      model: transcription.model,
      language: transcription.language,
      prompt: transcription.prompt,
    },
    include,
  };
}

export function toBetaSession(session: RealtimeSessionResource): BetaSession {
  const { voice, format, speed } = session.audio.output;
  return {
    ...commonOf(session),
    object: "realtime.session",
    model: session.model,
    modalities: toBetaModalities(session.output_modalities),
    instructions: session.instructions,
    voice: typeof voice === "string" ? voice : voice.id,
    output_audio_format: toBetaFormat(format),
    turn_detection: session.audio.input.turn_detection,
    speed,
    temperature: session.temperature ?? DEFAULT_TEMPERATURE,
    max_response_output_tokens: session.max_output_tokens,
    tools: session.tools.flatMap((tool) => (tool.type === "function" ? [tool] : [])),
    tool_choice: toBetaToolChoice(session.tool_choice),
    tracing: session.tracing,
    prompt: session.prompt,
  };
}

export function toBetaTranscriptionSession(session: TranscriptionSessionResource): BetaTranscriptionSession {
  return {
    ...commonOf(session),
    object: "realtime.transcription_session",
    turn_detection: session.audio.input.turn_detection,
  };
}
