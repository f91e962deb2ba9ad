import { EngineError, type EngineStage } from "./errors";
import type { LanguageModel, SpeechToText, TextToSpeech } from "./types";

/** A recogniser that is not there: every call fails with `message`, which should say how to connect one. */
export function missingStt(message: string): SpeechToText {
  return { name: "none", capabilities: { streaming: false }, transcribe: () => failing("stt", message) };
}

/** A language model that is not there: every call fails with `message`. */
export function missingLlm(message: string): LanguageModel {
  return {
    name: "none",
    capabilities: { tools: true, images: true },
    cannotTranslate: message,
    generate: () => failing("llm", message),
  };
}

/** A voice that is not there: every call fails with `message`. It takes any voice name. */
export function missingTts(message: string): TextToSpeech {
  return {
    name: "none",
    capabilities: { streaming: true, speed: true },
    voices: undefined,
    defaultVoice: "alloy",
    synthesize: () => failing("tts", message),
  };
}

function failing(stage: EngineStage, message: string): AsyncIterable<never> {
  const next = (): Promise<never> => Promise.reject(new EngineError({ stage, code: "not_configured", message }));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
