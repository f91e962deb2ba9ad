/** Everything that a stage can be made of, behind one object, so that tests can put others in its place. */
import type { SpeechModel } from "../realtime/engine/speech-model";
import type {
  LanguageModel,
  NoiseSuppressor,
  SpeechToText,
  TextToSpeech,
  TurnDetector,
  VoiceActivityDetector,
} from "../realtime/engine/types";
import type { BuiltIn, Endpoint, Found } from "./plan";

/** What the environment says of things to be found on this machine. */
export interface Search {
  readonly whisperModel: string | undefined;
}

export interface TurnModel {
  /** A path or an https URL. */
  readonly model: string;
  readonly sha256: string | undefined;
  /** Where a download is kept. */
  readonly dataDir: string;
}

export interface SpeechManner {
  readonly speaks: boolean;
  /** For sessions that name none. Undefined: the provider's own. */
  readonly voice: string | undefined;
}

export interface Providers {
  /** Looks around on this machine, without waiting long. Rejects only for a whisper model that is named and not there. */
  find(search: Search): Promise<Found>;
  endpointStt(endpoint: Endpoint): SpeechToText;
  endpointLlm(endpoint: Endpoint): LanguageModel;
  endpointTts(endpoint: Endpoint): TextToSpeech;
  endpointSpeech(endpoint: Endpoint, how: SpeechManner): SpeechModel;
  builtInStt(name: Extract<BuiltIn, "pocketsphinx" | "whisper-cli">, search: Search): Promise<SpeechToText>;
  offline(): LanguageModel;
  flite(): Promise<TextToSpeech>;
  /** Rejects when its packages are not installed. */
  silero(): Promise<VoiceActivityDetector>;
  /** Rejects when the model cannot be had, or is none. */
  smartTurn(options: TurnModel): Promise<TurnDetector>;
  /** Rejects when its package is not installed. */
  rnnoise(): Promise<NoiseSuppressor>;
}
