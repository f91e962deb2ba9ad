import { cancellable } from "./cancellable";
import { closeEach } from "./fallback-stages";
import { givenWords, wholeGeneration } from "./generation";
import { listenTo } from "./listening";
import { missingLlm, missingStt, missingTts } from "./missing";
import { fitModel, textPrompt } from "./prompt";
import { DEFAULT_TIMEOUTS, readStage, type StreamTimeouts } from "./read-stage";
import { createSpeakable } from "./speakable";
import { spokenReply } from "./spoken-reply";
import type {
  Engine,
  GenerateEvent,
  LanguageModel,
  NoiseSuppressor,
  ReplyEvent,
  ReplyRequest,
  SpeakRequest,
  SpeechToText,
  TextToSpeech,
  TranscribeRequest,
  TranscriptEvent,
  TurnDetector,
  VoiceActivityDetector,
} from "./types";
import { wholeTranscript } from "./whole-transcript";
import { withSpeed } from "./with-speed";

export interface PipelineOptions {
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
  /**
   * Makes, for each reply, the function that says how a clause is spoken ("" for not at all); the transcript keeps the
   * model's own words. Default: takes off markdown, code blocks and emoji.
   */
  readonly speak?: () => (clause: string) => string;
  /** BCP 47 tag of the language that is mostly spoken; tunes where clauses end. Default: the process's own. */
  readonly locale?: string;
}

/** An engine of separate parts: speech → text → language model → clauses → speech, streaming throughout. */
export function pipeline(options: PipelineOptions): Engine {
  const stt = options.stt ?? missingStt("No speech recogniser is configured on this server.");
  const llm = fitModel(options.llm ?? missingLlm("No language model is configured on this server."));
  const tts = withSpeed(options.tts ?? missingTts("No voice is configured on this server; text replies work."));
  const speak = options.speak ?? createSpeakable;
  const timeouts = (stage: "stt" | "llm" | "tts"): StreamTimeouts => ({
    ...DEFAULT_TIMEOUTS,
    ...options.timeouts?.[stage],
  });

  const generate = (request: ReplyRequest, signal: AbortSignal): AsyncIterable<GenerateEvent> => {
    const open = (own: AbortSignal): AsyncIterable<GenerateEvent> => llm.generate(textPrompt(request, own));
    return wholeGeneration(readStage({ stage: "llm", timeouts: timeouts("llm"), signal, open }));
  };
  const say = ({ voice, speed }: SpeakRequest | ReplyRequest, signal: AbortSignal) => {
    return (text: string) =>
      readStage({
        stage: "tts",
        timeouts: timeouts("tts"),
        signal,
        open: (own) => tts.synthesize({ text, voice, speed, signal: own }),
      });
  };
  const voiced = (
    request: SpeakRequest | ReplyRequest,
    generation: AsyncIterable<GenerateEvent>,
    signal: AbortSignal,
  ): AsyncIterable<ReplyEvent> => {
    if (request.modality === "text") return generation;
    const { locale } = options;
    return spokenReply({ generation, synthesize: say(request, signal), speakable: speak(), locale, signal });
  };
  const hear = (request: TranscribeRequest, signal: AbortSignal): AsyncIterable<TranscriptEvent> => {
    const open = (own: AbortSignal): AsyncIterable<TranscriptEvent> => stt.transcribe({ ...request, signal: own });
    return wholeTranscript(readStage({ stage: "stt", timeouts: timeouts("stt"), signal, open }));
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
    listen: stt.listen && ((request) => listenTo(stt, request, timeouts("stt"))),
    transcribe: (request) => cancellable(request.signal, (signal) => hear(request, signal)),
    respond: (request) => cancellable(request.signal, (signal) => voiced(request, generate(request, signal), signal)),
    cannotTranslate: llm.cannotTranslate,
    speak: (request) => cancellable(request.signal, (signal) => voiced(request, givenWords(request.text), signal)),
    close: () => closeEach([options.stt, options.llm, options.tts, options.vad, options.turns, options.noise]),
  };
}
