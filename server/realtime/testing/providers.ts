import type { Pcm } from "../audio/pcm";
import type {
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  SpeechToText,
  SynthesizeRequest,
  TextToSpeech,
  TokenUsage,
  TranscribeRequest,
  TranscriptEvent,
  TranscriptSegment,
  TranscriptUsage,
} from "../engine/types";
import { Stage, type Failure, type Pause, type Script, type ScriptedCall } from "./script";
import { tone } from "./tone";

// ---------------------------------------------------------------- speech to text

export type SttStep = string | Pause | Failure | { readonly segment: Omit<TranscriptSegment, "type"> };

export interface ScriptedSttOptions {
  /** What is heard. Strings are joined; with `streaming` each word comes as a delta first. Default "hello". */
  readonly hear?: Script<TranscribeRequest, string | readonly SttStep[]>;
  /** Milliseconds before the first event. Default 0. */
  readonly delayMs?: number;
  /** Deltas before the whole text. Default false. */
  readonly streaming?: boolean;
  readonly usage?: TranscriptUsage;
}

export interface ScriptedStt extends SpeechToText {
  readonly calls: readonly ScriptedCall<TranscribeRequest>[];
}

/** A recogniser that hears what the script says, whatever the audio. */
export function scriptedStt(options: ScriptedSttOptions = {}): ScriptedStt {
  const { hear = "hello", delayMs = 0, streaming = false, usage } = options;
  const stage = new Stage<TranscribeRequest>();
  function* expand(steps: string | readonly SttStep[]): Iterable<Pause | Failure | { emit: TranscriptEvent }> {
    let text = "";
    if (delayMs > 0) yield { wait: delayMs };
    for (const step of typeof steps === "string" ? [steps] : steps) {
      if (typeof step !== "string") {
        yield "segment" in step ? { emit: { type: "segment", ...step.segment } } : step;
        continue;
      }
      text += step;
      if (streaming) for (const word of words(step)) yield { emit: { type: "delta", text: word } };
    }
    yield { emit: { type: "done", text, ...(usage && { usage }) } };
  }
  return {
    name: "scripted",
    capabilities: { streaming },
    calls: stage.calls,
    transcribe: (request) => stage.play(request, hear, expand),
  };
}

// ---------------------------------------------------------------- language model

export interface ScriptedToolCall {
  readonly name: string;
  /** A string is sent as it is, anything else as JSON. */
  readonly arguments: unknown;
  readonly callId?: string;
}

export type LlmStep =
  | string
  | Pause
  | Failure
  | { readonly toolCall: ScriptedToolCall }
  | { readonly finish: FinishReason; readonly usage?: TokenUsage };

export interface ScriptedLlmOptions {
  /** What is said. Default "Hello there." Without a `finish` step, one is added: `tool_calls` after a call, else `stop`. */
  readonly reply?: Script<GenerateRequest, string | readonly LlmStep[]>;
  /** Milliseconds before the first event. Default 0. */
  readonly delayMs?: number;
  /** Milliseconds before every further piece of text. Default 0. */
  readonly deltaDelayMs?: number;
  /** How a text is cut into deltas. Default: word by word. */
  readonly split?: (text: string) => readonly string[];
  /** Usage of the `finish` that is added. */
  readonly usage?: TokenUsage;
  /** Default: both true. */
  readonly capabilities?: LanguageModel["capabilities"];
}

export interface ScriptedLlm extends LanguageModel {
  readonly calls: readonly ScriptedCall<GenerateRequest>[];
}

/** A language model that says what the script says. */
export function scriptedLlm(options: ScriptedLlmOptions = {}): ScriptedLlm {
  const { reply = "Hello there.", delayMs = 0, deltaDelayMs = 0, split = words, usage } = options;
  const stage = new Stage<GenerateRequest>();
  function* expand(steps: string | readonly LlmStep[]): Iterable<Pause | Failure | { emit: GenerateEvent }> {
    let toolCalls = 0;
    let texts = 0;
    if (delayMs > 0) yield { wait: delayMs };
    for (const step of typeof steps === "string" ? [steps] : steps) {
      if (typeof step === "string") {
        for (const text of split(step)) {
          if (texts++ > 0 && deltaDelayMs > 0) yield { wait: deltaDelayMs };
          yield { emit: { type: "text", text } };
        }
      } else if ("toolCall" in step) {
        yield* callEvents(toolCalls++, step.toolCall);
      } else if ("finish" in step) {
        return yield { emit: { type: "finish", reason: step.finish, ...(step.usage && { usage: step.usage }) } };
      } else {
        yield step;
      }
    }
    yield { emit: { type: "finish", reason: toolCalls > 0 ? "tool_calls" : "stop", ...(usage && { usage }) } };
  }
  return {
    name: "scripted",
    capabilities: options.capabilities ?? { tools: true, images: true },
    calls: stage.calls,
    generate: (request) => stage.play(request, reply, expand),
  };
}

function* callEvents(index: number, call: ScriptedToolCall): Iterable<{ emit: GenerateEvent }> {
  const json = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments ?? {});
  yield { emit: { type: "tool-call", index, name: call.name, ...(call.callId && { callId: call.callId }) } };
  for (const delta of json.match(/.{1,8}/gs) ?? []) yield { emit: { type: "tool-arguments", index, delta } };
  yield { emit: { type: "tool-call-done", index } };
}

// ---------------------------------------------------------------- text to speech

/** `ms` milliseconds of tone as one chunk, or audio of your own. */
export type TtsStep = { readonly ms: number } | { readonly pcm: Pcm } | Pause | Failure;

export interface ScriptedTtsOptions {
  /** What comes for a text. Default: a tone of `msPerChar` for each character, in chunks of `chunkMs`. */
  readonly speak?: Script<SynthesizeRequest, readonly TtsStep[]>;
  /** Samples per second. Default 24000. */
  readonly sampleRate?: number;
  /** Milliseconds of tone for each character, at speed 1. Default 20. */
  readonly msPerChar?: number;
  /** Milliseconds of audio in a chunk. Default 100; `Infinity` sends all at once. */
  readonly chunkMs?: number;
  /** Milliseconds before the first chunk. Default 0. */
  readonly delayMs?: number;
  /** Milliseconds before every further chunk. Default 0. */
  readonly chunkDelayMs?: number;
  /** Default: any voice. */
  readonly voices?: readonly string[];
  /** Default: the first voice, else "alloy". */
  readonly defaultVoice?: string;
}

export interface ScriptedTts extends TextToSpeech {
  readonly calls: readonly ScriptedCall<SynthesizeRequest>[];
}

/** A voice that hums: real audio of a length that follows from the text. */
export function scriptedTts(options: ScriptedTtsOptions = {}): ScriptedTts {
  const { sampleRate = 24_000, msPerChar = 20, chunkMs = 100, delayMs = 0, chunkDelayMs = 0, voices } = options;
  const stage = new Stage<SynthesizeRequest>();
  const hum = ({ text, speed }: SynthesizeRequest): readonly TtsStep[] => {
    const steps: TtsStep[] = [];
    let left = (text.length * msPerChar) / speed;
    for (; left > 0; left -= chunkMs) {
      const wait = steps.length === 0 ? delayMs : chunkDelayMs;
      if (wait > 0) steps.push({ wait });
      steps.push({ ms: Math.min(chunkMs, left) });
    }
    return steps;
  };
  function* expand(steps: readonly TtsStep[]): Iterable<Pause | Failure | { emit: Pcm }> {
    for (const step of steps) {
      if ("ms" in step) yield { emit: tone({ ms: step.ms, sampleRate }) };
      else if ("pcm" in step) yield { emit: step.pcm };
      else yield step;
    }
  }
  return {
    name: "scripted",
    capabilities: { streaming: Number.isFinite(chunkMs), speed: true },
    voices,
    defaultVoice: options.defaultVoice ?? voices?.[0] ?? "alloy",
    calls: stage.calls,
    synthesize: (request) => stage.play(request, options.speak ?? hum, expand),
  };
}

function words(text: string): readonly string[] {
  return text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [];
}
