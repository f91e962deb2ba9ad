/** Everything that a stage can be made of, behind one object, so that tests can put others in its place. */
import type {
  LanguageModel,
  NoiseSuppressor,
  SpeechToText,
  TextToSpeech,
  VoiceActivityDetector,
} from "../realtime/engine/types";
import type { BuiltIn, Endpoint, Found } from "./plan";

export interface Providers {
  /** Looks around on this machine, without waiting long. Never rejects. */
  find(): Promise<Found>;
  endpointStt(endpoint: Endpoint): SpeechToText;
  endpointLlm(endpoint: Endpoint): LanguageModel;
  endpointTts(endpoint: Endpoint): TextToSpeech;
  builtInStt(name: Extract<BuiltIn, "pocketsphinx" | "whisper-cli">): Promise<SpeechToText>;
  offline(): LanguageModel;
  flite(): Promise<TextToSpeech>;
  /** Rejects when its packages are not installed. */
  silero(): Promise<VoiceActivityDetector>;
  /** Rejects when its package is not installed. */
  rnnoise(): Promise<NoiseSuppressor>;
}
