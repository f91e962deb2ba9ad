/** Providers for tests: every stage plays a script, and nothing is looked for. */
import {
  scriptedLlm,
  scriptedSpeechModel,
  scriptedStt,
  scriptedTts,
  scriptedVad,
  type ScriptedLlmOptions,
  type ScriptedSttOptions,
} from "../realtime/testing/index";
import type { Providers } from "./providers";

export interface ProviderScripts {
  readonly stt?: ScriptedSttOptions;
  readonly llm?: ScriptedLlmOptions;
}

export function scriptedProviders({ stt, llm }: ProviderScripts = {}): Providers {
  return {
    find: async () => ({ pocketsphinx: true, whisper: true, ollama: undefined }),
    endpointStt: () => scriptedStt(stt),
    endpointLlm: () => scriptedLlm(llm),
    endpointTts: () => scriptedTts(),
    endpointSpeech: (_endpoint, { speaks }) => scriptedSpeechModel({ llm: scriptedLlm(llm), speaks }),
    builtInStt: async () => scriptedStt(stt),
    offline: () => scriptedLlm(llm),
    flite: async () => ({ ...scriptedTts(), voices: ["alloy", "nova"], defaultVoice: "alloy" }),
    silero: async () => scriptedVad(),
    smartTurn: () => Promise.reject(new Error("Nobody judges the pauses of a script.")),
    rnnoise: () => Promise.reject(new Error("Nothing takes noise out of a script.")),
  };
}
