/** The real providers: OpenAI-compatible endpoints, and what runs on this machine. */
import {
  createFlite,
  createOffline,
  createPocketsphinx,
  createRnnoise,
  createSilero,
  createWhisperCli,
  findOllama,
  findPocketsphinx,
  findWhisperCli,
} from "../providers/local";
import { openaiLanguageModel, openaiSpeechToText, openaiTextToSpeech } from "../providers/openai";
import { StartError } from "../start-error";
import type { Providers } from "./providers";

export const localProviders: Providers = {
  find: async () => {
    const [pocketsphinx, whisper, ollama] = await Promise.all([findPocketsphinx(), findWhisperCli(), findOllama()]);
    return {
      pocketsphinx: pocketsphinx !== undefined,
      whisper: whisper !== undefined,
      ollama: ollama && { baseURL: `${ollama.baseUrl}/v1`, models: ollama.models },
    };
  },
  endpointStt: openaiSpeechToText,
  endpointLlm: openaiLanguageModel,
  endpointTts: openaiTextToSpeech,
  builtInStt: async (name) => {
    if (name === "pocketsphinx") return createPocketsphinx(present(await findPocketsphinx(), name));
    return createWhisperCli(present(await findWhisperCli(), name));
  },
  offline: createOffline,
  flite: createFlite,
  // Loaded ahead, so that the first session's first word is not late.
  silero: () => createSilero({ preload: true }),
  rnnoise: createRnnoise,
};

/** It was there a moment ago, when the stages were planned. */
function present<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new StartError(`${name} is gone: install it again.`);
  return found;
}
