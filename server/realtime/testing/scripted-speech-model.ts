import type { ConverseRequest, SpeechModel, SpeechModelEvent } from "../engine/speech-model";
import { scriptedLlm, scriptedTts, type ScriptedLlm, type ScriptedTts } from "./providers";

export interface ScriptedSpeechModelOptions {
  /** What it answers, and where its calls are written down. Default: `scriptedLlm()`. */
  readonly llm?: ScriptedLlm;
  /** How that sounds. Default: `scriptedTts()`. */
  readonly tts?: ScriptedTts;
  /** False: it only hears, and answers in words. Default: true. */
  readonly speaks?: boolean;
}

/** A model that is given sound, and says what one script has it say, as another has it sound: word for word, each before its sound. */
export function scriptedSpeechModel(options: ScriptedSpeechModelOptions = {}): SpeechModel {
  const { llm = scriptedLlm(), tts = scriptedTts(), speaks = true } = options;
  return {
    name: "scripted",
    capabilities: { ...llm.capabilities, speaks },
    voices: tts.voices,
    defaultVoice: tts.defaultVoice,
    async *converse(request: ConverseRequest): AsyncGenerator<SpeechModelEvent> {
      const { modality, voice, signal } = request;
      for await (const event of llm.generate(request)) {
        if (event.type !== "text" || modality === "text") {
          yield event;
          continue;
        }
        const { text } = event;
        yield { type: "speech", text };
        for await (const audio of tts.synthesize({ text, voice, speed: 1, signal })) yield { type: "audio", audio };
      }
    },
  };
}
