/** Every provider that answers for a model name: why it was chosen, and whether it works when it is asked. */
import type { RelayEngine } from "../realtime/engine/relay";
import type { SpeechModel } from "../realtime/engine/speech-model";
import type { LanguageModel, SpeechToText, TextToSpeech, VoiceActivityDetector } from "../realtime/engine/types";
import { checkLlm, checkRelay, checkSpeech, checkStt, checkTts, checkVad } from "./check";

export type ProviderStage = "stt" | "llm" | "tts" | "speech" | "vad" | "relay";

export interface StageProvider {
  readonly id: string;
  readonly stage: ProviderStage;
  readonly name: string;
  /** Why it was chosen; as the start banner says it. */
  readonly reason: string;
  /** It runs on the server's own machine. */
  readonly local: boolean;
  /** The model names that it answers for. */
  readonly models: readonly string[];
  /** Makes one small, real request, and says in a sentence what came back. Throws what went wrong. */
  check(signal: AbortSignal): Promise<string>;
}

/** What was made for one stage. */
export type Made =
  | { readonly stage: "stt"; readonly provider: SpeechToText }
  | { readonly stage: "llm"; readonly provider: LanguageModel }
  | { readonly stage: "tts"; readonly provider: TextToSpeech }
  | { readonly stage: "speech"; readonly provider: SpeechModel }
  | { readonly stage: "vad"; readonly provider: VoiceActivityDetector }
  /** `model`: what to ask for there. */
  | { readonly stage: "relay"; readonly provider: RelayEngine; readonly model: string };

interface Entry {
  readonly made: Made;
  readonly reason: string;
  readonly models: Set<string>;
}

const ORDER: readonly ProviderStage[] = ["vad", "stt", "llm", "speech", "tts", "relay"];

export interface Use {
  /** Tells providers apart: several model names may share one. */
  readonly key: object;
  readonly reason: string;
  /** Undefined: where no name says otherwise. */
  readonly model: string | undefined;
}

/** Where the server's providers are written down as they are made. */
export class Inventory {
  private readonly entries = new Map<object, Entry>();

  add(made: Made, { key, reason, model }: Use): void {
    const entry = this.entries.get(key) ?? { made, reason, models: new Set() };
    this.entries.set(key, entry);
    if (model !== undefined) entry.models.add(model);
  }

  list(): StageProvider[] {
    const entries = [...this.entries.values()];
    return ORDER.flatMap((stage) =>
      entries
        .filter(({ made }) => made.stage === stage)
        .map(({ made, reason, models }, index) => ({
          id: `${stage}-${index + 1}`,
          stage,
          name: made.provider.name,
          reason,
          local: isLocal(made),
          models: [...models],
          check: (signal: AbortSignal) => check(made, signal),
        })),
    );
  }
}

function isLocal({ stage, provider }: Made): boolean {
  return stage === "vad" || (stage !== "relay" && provider.local === true);
}

function check(made: Made, signal: AbortSignal): Promise<string> {
  switch (made.stage) {
    case "stt":
      return checkStt(made.provider, signal);
    case "llm":
      return checkLlm(made.provider, signal);
    case "tts":
      return checkTts(made.provider, signal);
    case "speech":
      return checkSpeech(made.provider, signal);
    case "vad":
      return checkVad(made.provider, signal);
    case "relay":
      return checkRelay(made.provider, { model: made.model, signal });
    default:
      return made satisfies never;
  }
}
