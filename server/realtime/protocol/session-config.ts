/** A session's configuration: its defaults, how an update merges into it, and how it is shown to the client. */
import type { AudioFormat, MaxOutputTokens, OutputModality, Voice } from "./primitives";
import { errors } from "./errors";
import type {
  NoiseReductionInput,
  RealtimeConfigInput,
  SessionConfigInput,
  TracingConfig,
  TranscriptionConfig,
  TranscriptionSessionInput,
  TruncationConfig,
  TurnDetectionInput,
} from "./session-schema";
import type { PromptReference, Reasoning, Tool, ToolChoiceConfig } from "./tools";

export { toSessionResource } from "./session-resource";
export { parseSessionConfig } from "./session-schema";
export type { RealtimeSessionResource, SessionResource, TranscriptionSessionResource } from "./session-resource";
export type {
  ConversationConfigInput,
  ConversationKind,
  RealtimeConfigInput,
  SessionConfigInput,
  SessionKind,
  TracingConfig,
  TranscriptionConfig,
  TranscriptionSessionInput,
  TruncationConfig,
} from "./session-schema";

export interface ServerVadConfig {
  readonly type: "server_vad";
  /** 0–1. */
  readonly threshold: number;
  readonly prefix_padding_ms: number;
  readonly silence_duration_ms: number;
  /** 5000–30000; null: never speak up unasked. */
  readonly idle_timeout_ms: number | null;
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export interface SemanticVadConfig {
  readonly type: "semantic_vad";
  readonly eagerness: "low" | "medium" | "high" | "auto";
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export type TurnDetectionConfig = ServerVadConfig | SemanticVadConfig;

export interface NoiseReductionConfig {
  readonly type: "near_field" | "far_field";
  /** 0–1. */
  readonly strength: number;
}

export interface AudioInputConfig {
  readonly format: AudioFormat;
  readonly noise_reduction: NoiseReductionConfig | null;
  readonly transcription: TranscriptionConfig | null;
  readonly turn_detection: TurnDetectionConfig | null;
}

type AudioInputInput = NonNullable<(RealtimeConfigInput | TranscriptionSessionInput)["audio"]>["input"];
type Include = readonly "item.input_audio_transcription.logprobs"[] | null;

/** The configuration in force: every field has its value. Never changed in place. */
export type SessionConfig = RealtimeConfig | TranscriptionSessionConfig;

/** A session that listens and never answers: `create_response` is off in its turn detection. */
export interface TranscriptionSessionConfig {
  readonly type: "transcription";
  readonly audio: { readonly input: AudioInputConfig };
  readonly include: Include;
}

/** A conversation. */
export interface RealtimeConfig {
  readonly type: "realtime";
  readonly model: string;
  readonly instructions: string;
  /** Exactly one. */
  readonly output_modalities: readonly OutputModality[];
  readonly audio: {
    readonly input: AudioInputConfig;
    readonly output: { readonly format: AudioFormat; readonly voice: Voice; readonly speed: number };
  };
  readonly include: Include;
  readonly max_output_tokens: MaxOutputTokens;
  readonly tools: readonly Tool[];
  readonly tool_choice: ToolChoiceConfig;
  /** Null: the engine's own choice. */
  readonly parallel_tool_calls: boolean | null;
  /** Null: the engine's own. */
  readonly temperature: number | null;
  readonly prompt: PromptReference | null;
  readonly reasoning: Reasoning | null;
  readonly tracing: TracingConfig | null;
  readonly truncation: TruncationConfig;
}

const DEFAULT_INSTRUCTIONS =
  "You are a helpful voice assistant. Speak naturally and keep your answers short unless you are asked for more. " +
  "Answer in the language that the user speaks.";

const SERVER_VAD: ServerVadConfig = {
  type: "server_vad",
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};

const SEMANTIC_VAD: SemanticVadConfig = {
  type: "semantic_vad",
  eagerness: "auto",
  create_response: true,
  interrupt_response: true,
};

const PCM: AudioFormat = { type: "audio/pcm", rate: 24_000 };

/** What a session begins with when its client asked for nothing. */
export function defaultSessionConfig(options: { readonly model: string; readonly voice: Voice }): RealtimeConfig {
  return {
    type: "realtime",
    model: options.model,
    instructions: DEFAULT_INSTRUCTIONS,
    output_modalities: ["audio"],
    audio: {
      input: { format: PCM, noise_reduction: null, transcription: null, turn_detection: SERVER_VAD },
      output: { format: PCM, voice: options.voice, speed: 1 },
    },
    include: null,
    max_output_tokens: "inf",
    tools: [],
    tool_choice: "auto",
    parallel_tool_calls: null,
    temperature: null,
    prompt: null,
    reasoning: null,
    tracing: null,
    truncation: "auto",
  };
}

/** What a transcription session begins with: unlike a conversation's, its words are told without being asked for. */
export function defaultTranscriptionConfig(): TranscriptionSessionConfig {
  const turn_detection = withoutAnswers(SERVER_VAD);
  return {
    type: "transcription",
    audio: { input: { format: PCM, noise_reduction: null, transcription: {}, turn_detection } },
    include: null,
  };
}

/** Nobody answers, and so nothing is interrupted, whatever a client says of it. */
function withoutAnswers(detection: TurnDetectionConfig | null): TurnDetectionConfig | null {
  return detection && { ...detection, create_response: false, interrupt_response: false };
}

/** `undefined` keeps what is there; anything else, null included, takes its place. */
function choose<T>(patch: T | undefined, current: T): T {
  return patch === undefined ? current : patch;
}

/** `current` with the fields of `patch` that have a value. */
function overlay<T extends object>(current: T, patch: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...current, ...Object.fromEntries(given) };
}

function mergeTurnDetection(
  current: TurnDetectionConfig | null,
  patch: TurnDetectionInput | null | undefined,
): TurnDetectionConfig | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  switch (patch.type) {
    case "server_vad":
      return overlay(current?.type === "server_vad" ? current : SERVER_VAD, patch);
    case "semantic_vad":
      return overlay(current?.type === "semantic_vad" ? current : SEMANTIC_VAD, patch);
    default:
      return patch satisfies never;
  }
}

function mergeNoiseReduction(
  current: NoiseReductionConfig | null,
  patch: NoiseReductionInput | null | undefined,
): NoiseReductionConfig | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  return overlay<NoiseReductionConfig>(current ?? { type: "near_field", strength: 1 }, patch);
}

function mergeTranscription(
  current: TranscriptionConfig | null,
  patch: TranscriptionConfig | null | undefined,
): TranscriptionConfig | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  return overlay<TranscriptionConfig>(current ?? {}, patch);
}

function mergeTracing(current: TracingConfig | null, patch: TracingConfig | null | undefined): TracingConfig | null {
  if (typeof patch !== "object" || patch === null) return choose(patch, current);
  return typeof current === "object" && current !== null ? overlay(current, patch) : patch;
}

function mergeTruncation(current: TruncationConfig, patch: TruncationConfig | undefined): TruncationConfig {
  if (typeof patch !== "object" || typeof current !== "object") return choose(patch, current);
  const limits = patch.token_limits && overlay(current.token_limits ?? {}, patch.token_limits);
  return overlay(current, { ...patch, token_limits: limits });
}

function mergeInput(current: AudioInputConfig, patch: AudioInputInput): AudioInputConfig {
  return {
    format: choose(patch?.format, current.format),
    noise_reduction: mergeNoiseReduction(current.noise_reduction, patch?.noise_reduction),
    transcription: mergeTranscription(current.transcription, patch?.transcription),
    turn_detection: mergeTurnDetection(current.turn_detection, patch?.turn_detection),
  };
}

function mergeAudio(current: RealtimeConfig["audio"], patch: RealtimeConfigInput["audio"]): RealtimeConfig["audio"] {
  const { input, output } = patch ?? {};
  return {
    input: mergeInput(current.input, input),
    output: {
      format: choose(output?.format, current.output.format),
      voice: choose(output?.voice, current.output.voice),
      speed: choose(output?.speed, current.output.speed),
    },
  };
}

function mergeRealtimeConfig(current: RealtimeConfig, patch: RealtimeConfigInput): RealtimeConfig {
  return {
    type: "realtime",
    model: choose(patch.model, current.model),
    instructions: choose(patch.instructions, current.instructions),
    output_modalities: choose(patch.output_modalities, current.output_modalities),
    audio: mergeAudio(current.audio, patch.audio),
    include: choose(patch.include, current.include),
    max_output_tokens: choose(patch.max_output_tokens, current.max_output_tokens),
    tools: choose(patch.tools, current.tools),
    tool_choice: choose(patch.tool_choice, current.tool_choice),
    parallel_tool_calls: choose(patch.parallel_tool_calls, current.parallel_tool_calls),
    temperature: choose(patch.temperature, current.temperature),
    prompt: choose(patch.prompt, current.prompt),
    reasoning:
      patch.reasoning === undefined ? current.reasoning : overlay<Reasoning>(current.reasoning ?? {}, patch.reasoning),
    tracing: mergeTracing(current.tracing, patch.tracing),
    truncation: mergeTruncation(current.truncation, patch.truncation),
  };
}

function mergeTranscriptionConfig(
  current: TranscriptionSessionConfig,
  patch: TranscriptionSessionInput,
): TranscriptionSessionConfig {
  const input = mergeInput(current.audio.input, patch.audio?.input);
  return {
    type: "transcription",
    audio: { input: { ...input, turn_detection: withoutAnswers(input.turn_detection) } },
    include: choose(patch.include, current.include),
  };
}

/**
 * `current` with `patch` on top: named fields change, arrays and choices are replaced, null switches off. Pure.
 *
 * @throws ProtocolError when `patch` is of another kind: a session stays what it is.
 */
export function mergeSessionConfig(current: RealtimeConfig, patch: SessionConfigInput): RealtimeConfig;
export function mergeSessionConfig(current: SessionConfig, patch: SessionConfigInput): SessionConfig;
export function mergeSessionConfig(current: SessionConfig, patch: SessionConfigInput): SessionConfig {
  if (current.type === "realtime" && patch.type === "realtime") return mergeRealtimeConfig(current, patch);
  if (current.type === "transcription" && patch.type === "transcription")
    return mergeTranscriptionConfig(current, patch);
  throw errors.wrongSessionType(patch.type, current.type);
}
