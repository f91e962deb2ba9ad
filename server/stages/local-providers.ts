/** The real providers: OpenAI-compatible endpoints, and what runs on this machine. */
import {
  createFlite,
  createOffline,
  createPocketsphinx,
  createRnnoise,
  createSilero,
  createSmartTurn,
  createWhisperCli,
  findOllama,
  findPocketsphinx,
  findWhisperCli,
} from "../providers/local";
import { openaiLanguageModel, openaiSpeechModel, openaiSpeechToText, openaiTextToSpeech } from "../providers/openai";
import { StartError } from "../start-error";
import type { Endpoint } from "./plan";
import type { Providers } from "./providers";

export const localProviders: Providers = {
  find: async ({ whisperModel: model }) => {
    const [pocketsphinx, whisper, ollama] = await Promise.all([
      findPocketsphinx(),
      findWhisperCli({ model }),
      findOllama(),
    ]);
    return {
      pocketsphinx: pocketsphinx !== undefined,
      whisper: whisper !== undefined,
      ollama: ollama && { baseURL: `${ollama.baseUrl}/v1`, models: ollama.models },
    };
  },
  endpointStt: (endpoint) => ({ ...openaiSpeechToText(endpoint), local: isHere(endpoint) }),
  endpointLlm: (endpoint) => ({ ...openaiLanguageModel(endpoint), local: isHere(endpoint) }),
  endpointTts: (endpoint) => ({ ...openaiTextToSpeech(endpoint), local: isHere(endpoint) }),
  endpointSpeech: (endpoint, { speaks, voice: defaultVoice }) => ({
    ...openaiSpeechModel({ ...endpoint, capabilities: { speaks }, ...(defaultVoice && { defaultVoice }) }),
    local: isHere(endpoint),
  }),
  builtInStt: async (name, { whisperModel: model }) => {
    if (name === "pocketsphinx") return createPocketsphinx(present(await findPocketsphinx(), name));
    return createWhisperCli(present(await findWhisperCli({ model }), name));
  },
  offline: createOffline,
  flite: createFlite,
  // Loaded ahead, so that the first session's first word is not late.
  silero: () => createSilero({ preload: true }),
  smartTurn: createSmartTurn,
  rnnoise: createRnnoise,
};

/** It was there a moment ago, when the stages were planned. */
function present<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new StartError(`${name} is gone: install it again.`);
  return found;
}

/** Whether an endpoint runs on this machine, so that a call that turns out to be in vain costs nothing. */
function isHere({ baseURL }: Endpoint): boolean {
  return baseURL !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(baseURL).hostname);
}
