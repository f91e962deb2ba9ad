import { cancellable } from "./cancellable";
import { closeEach, voiceFor } from "./fallback-stages";
import { wholeGeneration } from "./generation";
import { missingStt, missingTts } from "./missing";
import { inWords, ownVoice } from "./own-voice";
import { spokenPrompt } from "./prompt";
import { DEFAULT_TIMEOUTS, readStage, type StreamTimeouts } from "./read-stage";
import { recognising } from "./recognising";
import type { SpeechModel, SpeechModelEvent } from "./speech-model";
import type {
  Engine,
  NoiseSuppressor,
  ReplyEvent,
  ReplyRequest,
  SpeechToText,
  TextToSpeech,
  TurnDetector,
  VoiceActivityDetector,
} from "./types";
import { spokenWords, voiced, type Voice, type Voiced, type VoicingOptions } from "./voicing";
import { withSpeed } from "./with-speed";

export interface SpeechToSpeechOptions extends VoicingOptions {
  /** Hears and thinks; and speaks, if it can. */
  readonly model: SpeechModel;
  /** Hears when somebody speaks. Default: none, turn detection is refused. */
  readonly vad?: VoiceActivityDetector | undefined;
  /** Says in a pause whether the speaker is done. Default: the built-in estimator. */
  readonly turns?: TurnDetector | undefined;
  /** Takes noise out of what is heard. Default: none, noise reduction is refused. */
  readonly noise?: NoiseSuppressor | undefined;
  /**
   * Puts words to what was said, for transcripts and for what becomes too old to be given as sound; replies do not wait
   * for it. Default: none, transcripts stay null, and clients that ask for them are told why.
   */
  readonly stt?: SpeechToText | undefined;
  /**
   * Speaks for a model that only hears. Where the model speaks, it says what that one has written instead, and what
   * comes from elsewhere: fillers, and other words of guardrails. Default: none.
   */
  readonly tts?: TextToSpeech | undefined;
  /**
   * Milliseconds of what was said that the model is given as sound, the newest first. Older turns are given as words,
   * where there are any. Default: 60,000, which make a request of 4 MB.
   */
  readonly soundMs?: number | undefined;
  /** Tokens that the model's context holds, its answer included. Default: what the model says of itself, else 32,768. */
  readonly contextTokens?: number | undefined;
  /** How long a part may be silent, in milliseconds; see StreamTimeouts for the defaults. */
  readonly timeouts?: { readonly [Part in "stt" | "model" | "tts"]?: Partial<StreamTimeouts> } | undefined;
}

const SOUND_MS = 60_000;
const NO_STT = "This server has no speech recogniser beside its model, which hears speech itself; replies need none.";
const NO_TTS = "This model only hears, and no voice is configured on this server; text replies work.";
const NO_WORDS = "This model does not offer translation: there is no speech recogniser beside it.";

/**
 * An engine around a model that is given speech itself, instead of its words, and answers with speech of its own, or in
 * words that `tts` says.
 *
 * @throws TypeError when `soundMs` is no number of 0 or more.
 */
export function speechToSpeech(options: SpeechToSpeechOptions): Engine {
  const { model, vad, turns, noise, soundMs = SOUND_MS, timeouts, speak, locale } = options;
  if (!(soundMs >= 0)) throw new TypeError("`speechToSpeech.soundMs` must be a number of 0 or more.");
  const tts = withSpeed(options.tts ?? missingTts(NO_TTS));
  const voice: Voice = { tts, timeouts: timeouts?.tts, speak, locale };
  const { speaks } = model.capabilities;
  const speaker = speaks ? model : tts;

  const converse = (request: ReplyRequest, signal: AbortSignal): AsyncIterable<SpeechModelEvent> => {
    const open = (own: AbortSignal): AsyncIterable<SpeechModelEvent> =>
      model.converse(spokenPrompt(request, { model, soundMs, signal: own }));
    const limits = { ...DEFAULT_TIMEOUTS, ...timeouts?.model };
    return wholeGeneration(readStage({ stage: "llm", timeouts: limits, signal, open }));
  };
  const say = (asked: Voiced & { readonly text: string }, signal: AbortSignal): AsyncIterable<ReplyEvent> =>
    spokenWords(voice, { ...asked, voice: voiceFor(tts, asked.voice) }, signal);
  const answer = (request: ReplyRequest, signal: AbortSignal): AsyncIterable<ReplyEvent> => {
    const events = converse(request, signal);
    if (!speaks || request.modality === "text") return voiced(voice, request, { generation: inWords(events), signal });
    // Without another voice, what was written is given as it is.
    const modality = options.tts === undefined ? "text" : "audio";
    return ownVoice(events, { speed: request.speed, say: (text) => say({ ...request, modality, text }, signal) });
  };
  return {
    name: `speech-to-speech(${[model, options.stt, options.tts].flatMap((part) => part?.name ?? []).join(" + ")})`,
    get voices() {
      return speaker.voices;
    },
    get defaultVoice() {
      return speaker.defaultVoice;
    },
    local: [model, options.stt, options.tts].every((part) => part === undefined || part.local === true),
    contextTokens: options.contextTokens ?? model.contextTokens,
    vad,
    turns,
    noise,
    transcripts: options.stt === undefined ? "none" : "beside",
    ...recognising(options.stt ?? missingStt(NO_STT), timeouts?.stt),
    respond: (request) => cancellable(request.signal, (signal) => answer(request, signal)),
    cannotTranslate: options.stt === undefined ? NO_WORDS : undefined,
    ...(options.tts !== undefined && {
      speak: (request) => cancellable(request.signal, (signal) => say(request, signal)),
    }),
    close: () => closeEach([model, options.stt, options.tts, vad, turns, noise]),
  };
}
