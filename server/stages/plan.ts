/** Decides who hears, thinks and speaks, from the environment and from what was found on this machine. Pure. */
import type { Env } from "../../lib/env";
import { StartError } from "../start-error";

export type PlannedStage = "stt" | "llm" | "tts";
export type BuiltIn = "pocketsphinx" | "whisper-cli" | "offline" | "flite";

export interface Endpoint {
  /** Undefined: OpenAI itself. */
  readonly baseURL: string | undefined;
  readonly apiKey: string | undefined;
  readonly model: string;
}

export type StagePlan = { readonly reason: string } & (
  | { readonly type: "endpoint"; readonly endpoint: Endpoint }
  | { readonly type: "built-in"; readonly name: BuiltIn }
  /** Nobody does it; `message` is what a client is told. */
  | { readonly type: "missing"; readonly message: string }
);

/** What this machine has to offer. */
export interface Found {
  readonly pocketsphinx: boolean;
  readonly whisper: boolean;
  /** An Ollama that answers, with its models, the preferred one first. */
  readonly ollama: { readonly baseURL: string; readonly models: readonly string[] } | undefined;
}

const BUILT_IN: Readonly<Record<PlannedStage, readonly BuiltIn[]>> = {
  stt: ["pocketsphinx", "whisper-cli"],
  llm: ["offline"],
  tts: ["flite"],
};

/** Models to ask for where none is configured: of OpenAI itself, and the names that those who imitate it understand. */
const DEFAULT_MODELS: Readonly<Record<PlannedStage, { readonly official: string; readonly other: string }>> = {
  stt: { official: "gpt-transcribe", other: "whisper-1" },
  llm: { official: "gpt-5.4-mini", other: "gpt-5.4-mini" },
  tts: { official: "gpt-4o-mini-tts", other: "tts-1" },
};

export const MISSING_STT =
  "This server has no speech recogniser: set STT_BASE_URL or OPENAI_API_KEY, or install pocketsphinx " +
  "(Debian: pocketsphinx and pocketsphinx-en-us) or whisper-cli, and start it again. Text works without one.";

/** `wish`: what to ask for instead of the configured model, and who wishes so. Throws `StartError` when it cannot be. */
export interface PlanRequest {
  readonly stage: PlannedStage;
  readonly env: Env;
  readonly found: Found;
  readonly wish?: { readonly model: string; readonly by: string };
}

export function planStage({ stage, env, found, wish }: PlanRequest): StagePlan {
  const prefix = stage.toUpperCase();
  const model = wish?.model ?? env[stage].model;
  const by = wish?.by ?? `${prefix}_MODEL`;

  const builtIn = BUILT_IN[stage].find((name) => name === model);
  if (builtIn !== undefined) return planBuiltIn(builtIn, by, found);
  const service = serviceOf(prefix, env[stage], env.openai);
  if (service !== undefined) return planEndpoint(service, model ?? DEFAULT_MODELS[stage][service.kind]);
  if (stage === "llm" && found.ollama !== undefined) return planOllama(found.ollama, model, by);
  if (model !== undefined) throw new StartError(unknownModel({ stage, prefix, model, by }));
  return planLocal(stage, found);
}

function planBuiltIn(name: BuiltIn, by: string, found: Found): StagePlan {
  const reason = `${by} asks for it`;
  if (name === "pocketsphinx" && !found.pocketsphinx)
    throw new StartError(
      `${by} asks for pocketsphinx, which is not installed here: install it (Debian: pocketsphinx and pocketsphinx-en-us) or change ${by}.`,
    );
  if (name === "whisper-cli" && !found.whisper)
    throw new StartError(
      `${by} asks for whisper-cli, which is not on PATH or has no model: install it with a model or change ${by}.`,
    );
  return { type: "built-in", name, reason };
}

/** A model that hears and speaks instead of the language model; undefined: nobody asked for one. */
export function planSpeech(env: Env, wish?: PlanRequest["wish"]): EndpointPlan | undefined {
  const model = wish?.model ?? env.speech.model;
  if (model === undefined) return undefined;
  const service = serviceOf("SPEECH", env.speech, env.openai);
  if (service !== undefined) return planEndpoint(service, model);
  const by = wish?.by ?? "SPEECH_MODEL";
  throw new StartError(
    `${by} asks for ${model}, but there is no service to ask: set SPEECH_BASE_URL or OPENAI_API_KEY.`,
  );
}

export type EndpointPlan = Extract<StagePlan, { type: "endpoint" }>;
type Place = Omit<Endpoint, "model">;

interface Service extends Place {
  readonly kind: "official" | "other";
  /** What in the environment named it. */
  readonly variable: string;
}

function serviceOf(prefix: string, own: Place, openai: Place): Service | undefined {
  const { baseURL, apiKey } = own;
  if (baseURL !== undefined) return toService({ baseURL, apiKey }, `${prefix}_BASE_URL`);
  // A key goes to the service that it was meant for, and to no other.
  if (apiKey !== undefined) return toService({ baseURL: openai.baseURL, apiKey }, `${prefix}_API_KEY`);
  if (openai.apiKey !== undefined) return toService(openai, "OPENAI_API_KEY");
  return openai.baseURL === undefined ? undefined : toService(openai, "OPENAI_BASE_URL");
}

function toService({ baseURL, apiKey }: Place, variable: string): Service {
  const official = baseURL === undefined || /^https:\/\/([\w-]+\.)*openai\.com([:/]|$)/.test(baseURL);
  return { baseURL, apiKey, kind: official ? "official" : "other", variable };
}

function planEndpoint({ baseURL, apiKey, kind, variable }: Service, model: string): EndpointPlan {
  const place = kind === "official" || baseURL === undefined ? "OpenAI" : new URL(baseURL).host;
  return { type: "endpoint", endpoint: { baseURL, apiKey, model }, reason: `at ${place}, from ${variable}` };
}

function planOllama(
  { baseURL, models }: NonNullable<Found["ollama"]>,
  model: string | undefined,
  by: string,
): StagePlan {
  const host = new URL(baseURL).host;
  const chosen = model ?? models[0];
  if (chosen === undefined)
    return {
      type: "built-in",
      name: "offline",
      reason: `Ollama at ${host} has no model: ollama pull one for real answers`,
    };
  const has = models.some((name) => name === chosen || name === `${chosen}:latest`);
  if (!has)
    throw new StartError(
      `${by} asks for ${chosen}, which Ollama at ${host} does not have: run ollama pull ${chosen}, or change ${by}.`,
    );
  return {
    type: "endpoint",
    endpoint: { baseURL, apiKey: undefined, model: chosen },
    reason: `Ollama answers at ${host}`,
  };
}

function planLocal(stage: PlannedStage, found: Found): StagePlan {
  switch (stage) {
    case "stt":
      if (found.pocketsphinx) return { type: "built-in", name: "pocketsphinx", reason: "found on this machine" };
      if (found.whisper) return { type: "built-in", name: "whisper-cli", reason: "found on this machine" };
      return {
        type: "missing",
        message: MISSING_STT,
        reason: "text works; for speech set STT_BASE_URL or OPENAI_API_KEY, or install pocketsphinx or whisper-cli",
      };
    case "llm":
      return {
        type: "built-in",
        name: "offline",
        reason: "built in; set OPENAI_API_KEY or LLM_BASE_URL, or start Ollama, for real answers",
      };
    case "tts":
      return {
        type: "built-in",
        name: "flite",
        reason: "built in; set OPENAI_API_KEY or TTS_BASE_URL for other voices",
      };
    default:
      return stage satisfies never;
  }
}

function unknownModel(wish: { stage: PlannedStage; prefix: string; model: string; by: string }): string {
  const { stage, prefix, model, by } = wish;
  const own = BUILT_IN[stage].join(" or ");
  return `${by} asks for ${model}, but there is no service to ask: set ${prefix}_BASE_URL or OPENAI_API_KEY, or use ${own}, which is built in.`;
}
