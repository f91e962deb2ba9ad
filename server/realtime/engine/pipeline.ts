import { cancellable } from "./cancellable";
import { closeEach } from "./fallback-stages";
import { wholeGeneration } from "./generation";
import { missingLlm, missingStt, missingTts } from "./missing";
import { fitModel, textPrompt } from "./prompt";
import { DEFAULT_TIMEOUTS, readStage, type StreamTimeouts } from "./read-stage";
import { recognising } from "./recognising";
import type {
  Engine,
  GenerateEvent,
  LanguageModel,
  NoiseSuppressor,
  ReplyRequest,
  SpeechToText,
  TextToSpeech,
  TurnDetector,
  VoiceActivityDetector,
} from "./types";
import { spokenWords, voiced, type Voice, type VoicingOptions } from "./voicing";
import { withSpeed } from "./with-speed";

export interface PipelineOptions extends VoicingOptions {
  /** Recognises speech. Default: none, transcription fails with a sentence that says so. */
  readonly stt?: SpeechToText;
  /** Thinks. Default: none, every reply fails with a sentence that says so. */
  readonly llm?: LanguageModel;
  /** Speaks. Default: none, spoken replies fail with a sentence that says so; text replies work. */
  readonly tts?: TextToSpeech;
  /** Hears when somebody speaks. Default: none, turn detection is refused. */
  readonly vad?: VoiceActivityDetector;
  /** Says in a pause whether the speaker is done. Default: the built-in estimator. */
  readonly turns?: TurnDetector;
  /** Takes noise out of what is heard. Default: none, noise reduction is refused. */
  readonly noise?: NoiseSuppressor;
  /**
   * Tokens that the language model's context holds, its answer included: when a conversation grows beyond it, its
   * oldest items are dropped from what the model is given. Default: what the model says of itself, else 32,768.
   */
  readonly contextTokens?: number;
  /** How long a stage may be silent, in milliseconds; see StreamTimeouts for the defaults. */
  readonly timeouts?: { readonly [Stage in "stt" | "llm" | "tts"]?: Partial<StreamTimeouts> };
}

/** An engine of separate parts: speech → text → language model → clauses → speech, streaming throughout. */
export function pipeline(options: PipelineOptions): Engine {
  const stt = options.stt ?? missingStt("No speech recogniser is configured on this server.");
  const llm = fitModel(options.llm ?? missingLlm("No language model is configured on this server."));
  const tts = withSpeed(options.tts ?? missingTts("No voice is configured on this server; text replies work."));
  const { speak, locale, timeouts } = options;
  const voice: Voice = { tts, timeouts: timeouts?.tts, speak, locale };
  const generate = (request: ReplyRequest, signal: AbortSignal): AsyncIterable<GenerateEvent> => {
    const open = (own: AbortSignal): AsyncIterable<GenerateEvent> => llm.generate(textPrompt(request, own));
    const limits = { ...DEFAULT_TIMEOUTS, ...timeouts?.llm };
    return wholeGeneration(readStage({ stage: "llm", timeouts: limits, signal, open }));
  };
  return {
    name: `pipeline(${stt.name} → ${llm.name} → ${tts.name})`,
    get voices() {
      return tts.voices;
    },
    get defaultVoice() {
      return tts.defaultVoice;
    },
    local: [options.stt, options.llm, options.tts].every((part) => part === undefined || part.local === true),
    contextTokens: options.contextTokens ?? llm.contextTokens,
    vad: options.vad,
    turns: options.turns,
    noise: options.noise,
    ...recognising(stt, timeouts?.stt),
    respond: (request) =>
      cancellable(request.signal, (signal) =>
        voiced(voice, request, { generation: generate(request, signal), signal }),
      ),
    cannotTranslate: llm.cannotTranslate,
    speak: (request) => cancellable(request.signal, (signal) => spokenWords(voice, request, signal)),
    close: () => closeEach([options.stt, options.llm, options.tts, options.vad, options.turns, options.noise]),
  };
}
