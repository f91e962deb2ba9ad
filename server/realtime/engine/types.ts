/**
 * What a session asks of whoever thinks and speaks for it. Everything here is a plain object: snapshots go in, events
 * come out, and nothing touches the session's state. Every stream stops soon after its `signal` aborts.
 */
import type { Pcm } from "../audio/pcm";

// ---------------------------------------------------------------- what a prompt is made of

export type PromptPart =
  /** `kept`: the words are those of a reply's sound that was heard to its end. */
  | { readonly type: "text"; readonly text: string; readonly kept?: KeptSound | undefined }
  | { readonly type: "image"; readonly url: string; readonly detail: "auto" | "low" | "high" }
  /** Speech. `transcript` is null when nobody transcribed it; `audio` is absent once it was dropped for space. */
  | {
      readonly type: "audio";
      readonly audio: (() => Promise<Pcm>) | undefined;
      readonly transcript: string | null;
      /** Milliseconds of it. */
      readonly durationMs?: number;
    };

/** A reply's sound as the model that made it keeps it. Whoever else comes across it leaves it alone. */
export type KeptSound = object;

export type PromptItem =
  | {
      readonly type: "message";
      readonly role: "system" | "user" | "assistant";
      readonly content: readonly PromptPart[];
    }
  | { readonly type: "tool-call"; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly type: "tool-result"; readonly callId: string; readonly output: string };

export interface FunctionTool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  /** The arguments must follow the schema to the letter. */
  readonly strict?: boolean;
}

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** Tokens as the provider billed them. Leave out what the provider does not say; the session estimates the rest. */
export interface TokenUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
  /** Of `inputTokens`, those of sound. Undefined: the model was given words, and sound is counted beside them. */
  readonly inputAudioTokens?: number;
  /** The same of `outputTokens`. */
  readonly outputAudioTokens?: number;
}

// ---------------------------------------------------------------- the engine: what a session talks to

export interface Engine {
  /** An engine of another kind is a `RelayEngine`, or several in a fallback. */
  readonly kind?: "pipeline";
  /** For logs and the start banner, for example `pipeline(pocketsphinx → offline → flite)`. */
  readonly name: string;
  /** Voice names that may be asked for; undefined accepts any name. */
  readonly voices: readonly string[] | undefined;
  readonly defaultVoice: string;
  /** Every part runs on this machine and costs nothing: work may be done on a guess. */
  readonly local?: boolean;
  /** Tokens that the model's context holds, its answer included. Undefined: 32,768. */
  readonly contextTokens?: number;
  /** Undefined: turn detection is refused with a clear error. */
  readonly vad: VoiceActivityDetector | undefined;
  /** Judges pauses for `semantic_vad`. Undefined: the built-in estimator. */
  readonly turns?: TurnDetector;
  /** Undefined: noise reduction is refused. */
  readonly noise?: NoiseSuppressor;
  /**
   * Whether replies are made of the words of what was said. `needed` (the default): they wait for them. `beside`: the
   * model hears for itself, and words are found meanwhile. `none`: it hears for itself, and nobody can find words.
   */
  readonly transcripts?: "needed" | "beside" | "none";
  transcribe(request: TranscribeRequest): AsyncIterable<TranscriptEvent>;
  /** Takes audio while the person speaks. Undefined: the recogniser wants whole recordings. */
  listen?(request: ListenRequest): TranscriptStream;
  respond(request: ReplyRequest): AsyncIterable<ReplyEvent>;
  /** Says these words, and thinks nothing. Undefined: it cannot; what needs it is left out. */
  speak?(request: SpeakRequest): AsyncIterable<ReplyEvent>;
  /** Why its language model cannot translate, in a sentence that clients may read. Undefined: it can. */
  readonly cannotTranslate?: string | undefined;
  /** Frees workers and connections. Called once, by whoever made the engine. */
  close?(): Promise<void>;
}

export interface ReplyRequest {
  readonly sessionId: string;
  readonly responseId: string;
  /** The model name that the client asked for. */
  readonly model: string;
  readonly instructions: string;
  readonly items: readonly PromptItem[];
  readonly tools: readonly FunctionTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls: boolean | undefined;
  /** Undefined: no limit of ours. */
  readonly maxOutputTokens: number | undefined;
  /** Undefined: the model's own. */
  readonly temperature?: number;
  readonly reasoningEffort: string | undefined;
  readonly modality: "text" | "audio";
  readonly voice: string;
  /** 0.25–1.5; 1 is the voice's own pace. */
  readonly speed: number;
  readonly signal: AbortSignal;
}

export type SpeakRequest = Pick<ReplyRequest, "modality" | "voice" | "speed" | "signal"> & { readonly text: string };

/**
 * A reply as it comes. With `modality: "text"` words come as `text`. With `"audio"` each clause comes as one `speech`
 * (its words) followed by its `audio` chunks, in order; all audio belongs to the latest `speech`. A `speech` that
 * `joins` goes on with the words before it: their sound is one, and may come sooner or later than they do. Tool calls
 * may come in between, each told apart by `index`. `finish` comes last and exactly once; a failure is a throw.
 */
export type ReplyEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "speech"; readonly text: string; readonly joins?: true }
  | { readonly type: "audio"; readonly audio: Pcm }
  /** All that was said so far can be given back as this. */
  | { readonly type: "kept"; readonly sound: KeptSound }
  | ToolCallEvent
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage?: TokenUsage };

export type ToolCallEvent =
  | { readonly type: "tool-call"; readonly index: number; readonly name: string; readonly callId?: string }
  | { readonly type: "tool-arguments"; readonly index: number; readonly delta: string }
  | { readonly type: "tool-call-done"; readonly index: number };

// ---------------------------------------------------------------- speech to text

export interface SpeechToText {
  readonly name: string;
  /** Runs on this machine and costs nothing. Default: false. */
  readonly local?: boolean;
  readonly capabilities: {
    /** Words arrive before the whole audio was heard: there is a `listen`. */
    readonly streaming: boolean;
  };
  transcribe(request: TranscribeRequest): AsyncIterable<TranscriptEvent>;
  listen?(request: ListenRequest): TranscriptStream;
  close?(): Promise<void>;
}

export interface TranscribeRequest {
  readonly audio: Pcm;
  /** The session's transcription model, when the client named one; a provider with a model of its own may ignore it. */
  readonly model?: string;
  /** ISO-639-1, for example `en`. */
  readonly language?: string;
  readonly prompt?: string;
  readonly logprobs?: boolean;
  readonly signal: AbortSignal;
}

export interface ListenRequest extends Omit<TranscribeRequest, "audio"> {
  /** Rate of the samples that will be pushed. */
  readonly sampleRate: number;
  /** Words to expect, apart from the `prompt`. */
  readonly keywords?: readonly string[];
}

/**
 * One utterance, heard while it is spoken. Whoever opens it reads it to its end, leaves the loop early, or aborts the
 * signal: each of them frees it. It is read once. What fails is thrown to the reader.
 */
export interface TranscriptStream extends AsyncIterable<TranscriptEvent> {
  /** Never throws, never waits; the samples are copied or used up before it returns. Nothing happens after the end. */
  push(samples: Int16Array): void;
  /** No more audio comes: what is still missing of the words follows, and `done`. */
  finish(): void;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: number[];
}

/** Zero or more `delta` and `segment`, then exactly one `done` with the whole text. */
export type TranscriptEvent =
  | { readonly type: "delta"; readonly text: string; readonly logprobs?: readonly TokenLogprob[] }
  | TranscriptSegment
  | {
      readonly type: "done";
      readonly text: string;
      readonly logprobs?: readonly TokenLogprob[];
      readonly usage?: TranscriptUsage;
    };

/** What one speaker said, from recognisers that tell speakers apart. Says again what deltas have said. */
export interface TranscriptSegment {
  readonly type: "segment";
  readonly id: string;
  /** A name, or a letter: "A" for the first that spoke. */
  readonly speaker: string;
  readonly text: string;
  /** Seconds since the beginning of the audio. */
  readonly start: number;
  readonly end: number;
}

export type TranscriptUsage =
  | {
      readonly type: "tokens";
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly audioTokens?: number;
      readonly textTokens?: number;
    }
  | { readonly type: "duration"; readonly seconds: number };

// ---------------------------------------------------------------- language model

export interface LanguageModel {
  readonly name: string;
  /** Runs on this machine and costs nothing. Default: false. */
  readonly local?: boolean;
  readonly capabilities: { readonly tools: boolean; readonly images: boolean };
  /** Tokens that its context holds, its answer included. Undefined: the engine's default. */
  readonly contextTokens?: number;
  /** Why it cannot translate, in a sentence that clients may read. Undefined: it can. */
  readonly cannotTranslate?: string | undefined;
  generate(request: GenerateRequest): AsyncIterable<GenerateEvent>;
  close?(): Promise<void>;
}

/** `items` hold no audio without a transcript: the pipeline has put words in their place. */
export type GenerateRequest = Omit<ReplyRequest, "modality" | "voice" | "speed" | "responseId">;

/** Words and tool calls as the model streams them; `finish` last, exactly once. */
export type GenerateEvent =
  | { readonly type: "text"; readonly text: string }
  | ToolCallEvent
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage?: TokenUsage };

// ---------------------------------------------------------------- text to speech

export interface TextToSpeech {
  readonly name: string;
  /** Runs on this machine and costs nothing. Default: false. */
  readonly local?: boolean;
  readonly capabilities: {
    /** Audio of a text starts to arrive before all of it was synthesised. */
    readonly streaming: boolean;
    /** Obeys `speed` itself. */
    readonly speed: boolean;
  };
  /** Undefined: any name is passed on. */
  readonly voices: readonly string[] | undefined;
  readonly defaultVoice: string;
  synthesize(request: SynthesizeRequest): AsyncIterable<Pcm>;
  close?(): Promise<void>;
}

export interface SynthesizeRequest {
  /** One clause or sentence of plain words. */
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
  readonly signal: AbortSignal;
}

// ---------------------------------------------------------------- voice activity

export interface VoiceActivityDetector {
  readonly name: string;
  /** Opens one listener. Never throws for load; a failed detector reports through `onError`. */
  open(options: VadStreamOptions): VadStream;
  close?(): Promise<void>;
}

export interface VadStreamOptions {
  /** Rate of the samples that will be pushed: 24000, or another that clients may send (8000, 16000, 48000). */
  readonly sampleRate: number;
  /** Called in order, soon after the samples of a frame were pushed, never from inside `push`. */
  onFrame(frame: VadFrame): void;
  /** The stream is dead after this: no further frames. */
  onError(error: Error): void;
}

export interface VadFrame {
  /** Where the frame ends, in samples at the stream's own rate, counted from the first pushed one. */
  readonly endSample: number;
  /** 0–1: how surely somebody speaks. */
  readonly probability: number;
  /** Speech beyond doubt, and no click: one such frame begins a turn, where others need two. Default false. */
  readonly certain?: boolean;
  /**
   * Hardly louder than the background: should this be the end, then what is believed to be speech is the detector's own
   * delay. Default false.
   */
  readonly faint?: boolean;
}

export interface VadStream {
  push(samples: Int16Array): void;
  /** Frees the stream; no frame is reported afterwards. */
  close(): void;
}

// ---------------------------------------------------------------- noise reduction

/** Takes noise out of speech, at once and in the caller's own thread: whatever must be loaded was loaded before. */
export interface NoiseSuppressor {
  readonly name: string;
  /** Opens one stream. Throws a RangeError for a sample rate that it cannot take. */
  open(options: NoiseStreamOptions): NoiseStream;
  close?(): Promise<void>;
}

export interface NoiseStreamOptions {
  /** Rate of the samples that will go in and come out. */
  readonly sampleRate: number;
  /** 0–1: 0 leaves everything as it is, 1 takes away all that it can. */
  readonly strength: number;
  /** A microphone near the mouth, or one in the room, which hears more of the room and less of the voice. */
  readonly type: "near_field" | "far_field";
}

/**
 * One stream. All that comes out, joined, lies sample for sample where it lay in what went in: the delay shows only as
 * output that comes with a later call. How the input is cut into chunks changes nothing.
 */
export interface NoiseStream {
  /** At most so many samples are held back at any time. */
  readonly delaySamples: number;
  /** What is ready after these samples, in memory of its own; may be empty. Throws after `close`. */
  process(samples: Int16Array): Int16Array;
  /** The rest: as many samples have come out as went in. More may follow, and what was learnt of the noise is kept. */
  flush(): Int16Array;
  /** Frees the stream. Calling it again does nothing. */
  close(): void;
}

// ---------------------------------------------------------------- end of turn

/** Tells whether a speaker who has paused is done. Asked at a pause, perhaps again as it lasts. */
export interface TurnDetector {
  readonly name: string;
  /**
   * 0–1: how surely the speaker is done. A rejection or a throw is no verdict: the caller goes by the silence alone.
   * After the signal aborted nobody waits for the answer.
   */
  judge(pause: TurnPause): number | Promise<number>;
  close?(): Promise<void>;
}

export interface TurnPause {
  /** The words of the turn so far; "" when they are not known. */
  readonly transcript: string;
  /** ISO-639-1, for example `en`; undefined when nobody said. */
  readonly language: string | undefined;
  /** The turn's audio up to now with the silence at its end: at most its last 8 seconds. May be empty. */
  readonly audio: Pcm;
  /** Silence so far, in ms. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}
