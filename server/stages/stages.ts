/** Builds what the plan says: every provider once, and an engine for each model name that clients may ask for. */
import type { Env } from "../../lib/env";
import { plainEntry, type ModelEntry, type ModelSetting, type StagesChoice } from "../../lib/env-models";
import type { StageChoice } from "../banner";
import { missingStt, missingTts } from "../realtime/engine/missing";
import { fallback, type ModelEngine } from "../realtime/engine/fallback";
import { pipeline, type PipelineOptions } from "../realtime/engine/pipeline";
import { relay, type RelayEngine } from "../realtime/engine/relay";
import { speechToSpeech } from "../realtime/engine/speech-to-speech";
import type { SpeechModel } from "../realtime/engine/speech-model";
import type {
  LanguageModel,
  NoiseSuppressor,
  SpeechToText,
  TextToSpeech,
  TurnDetector,
  VoiceActivityDetector,
} from "../realtime/engine/types";
import { OFFICIAL_MODELS } from "../realtime/live/models";
import { describe, StartError } from "../start-error";
import { Inventory, type StageProvider } from "./inventory";
import {
  MISSING_STT,
  planSpeech,
  planStage,
  type EndpointPlan,
  type Found,
  type PlannedStage,
  type PlanRequest,
  type StagePlan,
} from "./plan";
import type { Providers, SpeechManner } from "./providers";

export interface Stages {
  /** What was chosen where no model name says otherwise, and why. */
  readonly choices: readonly StageChoice[];
  /** An engine for each name; the first one is the default. */
  readonly models: Readonly<Record<string, ModelEngine>>;
  /** Of the first name. */
  readonly engine: ModelEngine;
  /** Everybody who answers for a name. */
  readonly providers: readonly StageProvider[];
  /** Frees every provider. */
  close(): Promise<void>;
}

interface EnginePlan {
  /** Takes the place of `llm`. */
  readonly speech: SpeechPlan | undefined;
  readonly stt: StagePlan;
  readonly llm: StagePlan;
  readonly tts: StagePlan;
  readonly voice: string | undefined;
}

type SpeechPlan = EndpointPlan & { readonly how: SpeechManner };

/** Throws `StartError` when the environment asks for what is not there. */
export async function buildStages(env: Env, providers: Providers): Promise<Stages> {
  const found = await providers.find(env).catch((error: unknown) => {
    throw new StartError(`WHISPER_MODEL="${env.whisperModel ?? ""}": ${describe(error)}`);
  });
  const configured = planEngine(env, found);
  const entries = env.models ?? ["antiphon", ...OFFICIAL_MODELS].map(plainEntry);
  const plans = entries.map((entry) => ({ entry, choices: planChoices(env, found, entry) }));

  const workshop = new Workshop(providers, env);
  try {
    const [vad, noise, turns, standard] = await Promise.all([
      workshop.vad(),
      workshop.noise(),
      workshop.turns(),
      workshop.build(configured),
    ]);
    const shared = { vad: vad.vad, noise, turns };
    const engines = plans.map(async ({ entry: { name }, choices }): Promise<[string, ModelEngine]> => {
      const made = choices.map(async (choice): Promise<ModelEngine> => {
        if (choice.type === "relay") return workshop.relay(choice, name);
        return engineOf(await workshop.build(choice.plan, name), { ...shared, ...env.llm });
      });
      return [name, fallback(await Promise.all(made))];
    });
    const models = Object.fromEntries(await Promise.all(engines));
    const [engine] = Object.values(models);
    if (engine === undefined) throw new StartError("REALTIME_MODELS names no model.");
    const choices: StageChoice[] = [
      { stage: "stt", chosen: standard.stt.name, reason: configured.stt.reason },
      thinker(configured, standard),
      { stage: "tts", chosen: standard.tts.name, reason: workshop.noVoice ?? configured.tts.reason },
      { stage: "vad", chosen: vad.vad?.name ?? "none", reason: vad.reason },
    ];
    const { inventory } = workshop;
    return { choices, models, engine, providers: inventory.list(), close: () => workshop.close() };
  } catch (error) {
    await workshop.close();
    throw error;
  }
}

type Around = Pick<PipelineOptions, "vad" | "noise" | "turns" | "contextTokens">;

function engineOf({ speech, ...parts }: Parts, { vad, noise, turns, contextTokens }: Around): ModelEngine {
  const { stt, tts } = parts;
  if (speech === undefined) return pipeline({ ...parts, vad, noise, turns, contextTokens });
  return speechToSpeech({ model: speech, stt: there(stt), tts: there(tts), vad, noise, turns });
}

/** What a model that hears and speaks can do without. */
function there<T extends { readonly name: string }>(part: T): T | undefined {
  return part.name === "none" ? undefined : part;
}

function thinker({ speech: plan, llm: { reason } }: EnginePlan, { speech, llm }: Parts): StageChoice {
  if (plan === undefined || speech === undefined) return { stage: "llm", chosen: llm?.name ?? "none", reason };
  const does = plan.how.speaks ? "hears and speaks by itself" : "hears by itself";
  return { stage: "speech", chosen: speech.name, reason: `${does}, ${plan.reason}` };
}

type PlannedChoice =
  | { readonly type: "stages"; readonly plan: EnginePlan }
  | { readonly type: "relay"; readonly url: string; readonly model?: string; readonly apiKey?: string };

function planChoices(env: Env, found: Found, { name, choices }: ModelEntry): PlannedChoice[] {
  return choices.map((choice): PlannedChoice => {
    if (choice.type === "stages")
      return { type: "stages", plan: planEngine(env, found, { name, settings: choice.settings }) };
    const { url, model, apiKey } = choice;
    return { type: "relay", url, ...(model !== undefined && { model }), ...(apiKey !== undefined && { apiKey }) };
  });
}

interface NamedSettings {
  readonly name: string;
  readonly settings: StagesChoice["settings"];
}

function planEngine(env: Env, found: Found, named?: NamedSettings): EnginePlan {
  const { settings = {}, name } = named ?? {};
  const wish = (setting: ModelSetting): PlanRequest["wish"] => {
    const model = settings[setting];
    return model === undefined ? undefined : { model, by: `REALTIME_MODELS (${name})` };
  };
  const plan = (stage: PlannedStage): StagePlan => planStage({ stage, env, found, wish: wish(stage) });
  // Whoever names a language model wants that one, and not the model that hears.
  const reads = settings.speech === undefined && settings.llm !== undefined;
  const endpoint = reads ? undefined : planSpeech(env, wish("speech"));
  const speaks = env.speech.output === "audio";
  const how = { speaks, voice: settings.voice ?? env.speech.voice };
  // TTS_VOICE is a voice of TTS_…; another speaker may not have it.
  const byDefault = settings.tts === undefined ? env.tts.voice : undefined;
  const voice = endpoint !== undefined && speaks ? byDefault : (settings.voice ?? byDefault);
  return { speech: endpoint && { ...endpoint, how }, stt: plan("stt"), llm: plan("llm"), tts: plan("tts"), voice };
}

interface Parts {
  readonly speech: SpeechModel | undefined;
  readonly stt: SpeechToText;
  /** Undefined: nobody needs it. */
  readonly llm: LanguageModel | undefined;
  readonly tts: TextToSpeech;
}

interface Listing {
  readonly key: TextToSpeech;
  readonly name: string | undefined;
}

/** Makes each provider once, however many engines share it. */
class Workshop {
  /** Why nobody speaks, if nobody does. */
  noVoice: string | undefined;
  readonly inventory = new Inventory();
  private readonly made = new Map<string, Promise<{ close?(): Promise<void> }>>();

  constructor(
    private readonly providers: Providers,
    private readonly env: Env,
  ) {}

  async build(plan: EnginePlan, name?: string): Promise<Parts> {
    const { speech: heard } = plan;
    const [speech, stt, llm, tts] = await Promise.all([
      heard && this.once(heard, "speech", async () => this.providers.endpointSpeech(heard.endpoint, heard.how)),
      this.once(plan.stt, "stt", () => this.stt(plan.stt)),
      heard ? undefined : this.once(plan.llm, "llm", () => this.llm(plan.llm)),
      this.once(plan.tts, "tts", () => this.tts(plan.tts)),
    ]);
    const by = name === undefined ? "TTS_VOICE" : `REALTIME_MODELS (${name})`;
    const parts = { speech, stt, llm, tts: withVoice(tts, plan.voice, by) };
    this.list(plan, { ...parts, key: tts, name });
    return parts;
  }

  relay(choice: Extract<PlannedChoice, { type: "relay" }>, name: string): RelayEngine {
    const engine = relay(choice);
    const made = { stage: "relay", provider: engine, model: choice.model ?? name } as const;
    this.inventory.add(made, { key: engine, reason: "from REALTIME_MODELS", model: name });
    return engine;
  }

  /** `key` is the voice before it was given another default. */
  private list(plan: EnginePlan, { speech, stt, llm, tts, key, name: model }: Parts & Listing): void {
    const { inventory } = this;
    inventory.add({ stage: "stt", provider: stt }, { key: stt, reason: plan.stt.reason, model });
    if (llm !== undefined) inventory.add({ stage: "llm", provider: llm }, { key: llm, reason: plan.llm.reason, model });
    if (speech !== undefined && plan.speech !== undefined)
      inventory.add({ stage: "speech", provider: speech }, { key: speech, reason: plan.speech.reason, model });
    inventory.add({ stage: "tts", provider: tts }, { key, reason: this.noVoice ?? plan.tts.reason, model });
  }

  async vad(): Promise<{ readonly vad: VoiceActivityDetector | undefined; readonly reason: string }> {
    try {
      const vad = await this.providers.silero();
      this.made.set("vad", Promise.resolve(vad));
      this.inventory.add({ stage: "vad", provider: vad }, { key: vad, reason: "built in", model: undefined });
      return { vad, reason: "built in" };
    } catch (error) {
      return { vad: undefined, reason: `turn detection is refused: ${describe(error)}` };
    }
  }

  /** Without its package, sessions that ask for noise reduction are told so. */
  async noise(): Promise<NoiseSuppressor | undefined> {
    const noise = await this.providers.rnnoise().catch(() => undefined);
    if (noise) this.made.set("noise", Promise.resolve(noise));
    return noise;
  }

  /** Undefined: the built-in estimator judges. */
  async turns(): Promise<TurnDetector | undefined> {
    const { turnModel, dataDir } = this.env;
    if (turnModel === undefined) return undefined;
    try {
      const turns = await this.providers.smartTurn({ ...turnModel, dataDir });
      this.made.set("turns", Promise.resolve(turns));
      return turns;
    } catch (error) {
      throw new StartError(`TURN_MODEL="${turnModel.model}": ${describe(error)}`);
    }
  }

  async close(): Promise<void> {
    const made = await Promise.allSettled(this.made.values());
    await Promise.allSettled(made.map(async (part) => part.status === "fulfilled" && part.value.close?.()));
  }

  private once<T extends { close?(): Promise<void> }>(
    plan: StagePlan,
    stage: PlannedStage | "speech",
    make: () => Promise<T>,
  ): Promise<T> {
    const { reason: _reason, ...what } = plan;
    const key = `${stage} ${JSON.stringify(what)}`;
    const made = (this.made.get(key) as Promise<T> | undefined) ?? make();
    this.made.set(key, made);
    return made;
  }

  private async stt(plan: StagePlan): Promise<SpeechToText> {
    if (plan.type === "endpoint") return this.providers.endpointStt(plan.endpoint);
    if (plan.type === "built-in" && (plan.name === "pocketsphinx" || plan.name === "whisper-cli"))
      return this.providers.builtInStt(plan.name, this.env);
    return missingStt(plan.type === "missing" ? plan.message : MISSING_STT);
  }

  private async llm(plan: StagePlan): Promise<LanguageModel> {
    return plan.type === "endpoint" ? this.providers.endpointLlm(plan.endpoint) : this.providers.offline();
  }

  /** Without its package there is no voice; text replies work all the same. */
  private async tts(plan: StagePlan): Promise<TextToSpeech> {
    if (plan.type === "endpoint") return this.providers.endpointTts(plan.endpoint);
    return this.providers.flite().catch((error: unknown) => {
      this.noVoice = describe(error);
      return missingTts(this.noVoice);
    });
  }
}

function withVoice(tts: TextToSpeech, voice: string | undefined, by: string): TextToSpeech {
  if (voice === undefined) return tts;
  if (tts.voices !== undefined && !tts.voices.includes(voice))
    throw new StartError(
      `${by} asks for the voice ${voice}, which ${tts.name} does not have: choose one of ${tts.voices.join(", ")}.`,
    );
  return { ...tts, defaultVoice: voice };
}
