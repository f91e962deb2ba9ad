/** Between what the playground is set to and what an agent keeps. */
import type { Answers } from "../trpc";
import { variablesIn } from "./agent-session";
import { toTurnDetection } from "./session-fields";
import { defaultSetup, type Detection, type Setup, type SetupAgent, type SetupTool, type TalkMode } from "./setup";

export type AgentConfig = Answers["agents"]["get"]["config"];
export type StoredTool = Answers["tools"]["list"][number];

export interface LoadedSetup {
  readonly setup: Setup;
  /** Undefined: the agent leaves it to whoever talks. */
  readonly mode: TalkMode | undefined;
}

type Saved = Pick<Answers["agents"]["get"], "id" | "name" | "version" | "config">;
interface Known {
  /** Those of the organisation. */
  readonly tools: readonly StoredTool[];
  readonly agents: readonly { readonly id: string; readonly name: string }[];
}

/** The playground as that agent. What was switched off or deleted meanwhile is left out. */
export function fromAgent({ id, name, version, config }: Saved, { tools, agents }: Known): LoadedSetup {
  const { turnDetection: detection } = config;
  const chosen = tools.filter((tool) => tool.enabled && config.tools.includes(tool.id));
  const own = ownSetup(config, chosen);
  const open = variablesIn(config.instructions).map((variable) => [variable, ""]);
  const agent: SetupAgent = {
    ...{ id, name, version, own },
    variables: { ...Object.fromEntries(open), ...config.variables },
    webhooks: chosen.filter(({ kind }) => kind === "webhook").map((tool) => tool.name),
    handoffs: agents.filter((other) => config.handoffs.includes(other.id)).map((other) => other.name),
  };
  return {
    mode: detection === undefined ? undefined : detection === null ? "hold" : "hands-free",
    setup: { ...own, agent },
  };
}

function ownSetup(config: AgentConfig, chosen: readonly StoredTool[]): SetupAgent["own"] {
  return {
    model: config.model ?? undefined,
    instructions: config.instructions,
    modality: config.modality,
    voice: config.voice ?? undefined,
    speed: config.speed,
    detection: { ...defaultSetup.detection, ...fromTurnDetection(config.turnDetection ?? undefined) },
    noiseReduction: config.noiseReduction ?? "off",
    language: config.transcription?.language ?? "",
    maxTokens: config.maxOutputTokens ?? undefined,
    effort: undefined,
    tools: chosen.filter(({ kind }) => kind === "client").map(toSetupTool),
    servers: chosen.filter(({ kind }) => kind === "mcp").map((tool) => ({ label: tool.name, approval: undefined })),
    // Those of an agent come with its prompt.
    webhooks: [],
  };
}

export function toSetupTool({ name, description, parameters }: StoredTool): SetupTool {
  return { name, description, parameters: parameters as SetupTool["parameters"], mock: undefined };
}

/** Those of the organisation's tools that a setup uses: they have the same names. */
export function savedToolsOf({ tools, servers, webhooks, agent }: Setup, saved: readonly StoredTool[]): StoredTool[] {
  const names = new Set([
    ...tools.map(({ name }) => name),
    ...servers.map(({ label }) => label),
    ...(agent?.webhooks ?? webhooks.map(({ name }) => name)),
  ]);
  return saved.filter(({ name }) => names.has(name));
}

type TurnDetection = NonNullable<AgentConfig["turnDetection"]>;

function fromTurnDetection(detection: TurnDetection | undefined): Partial<Detection> {
  if (detection === undefined) return {};
  const common = {
    ...(detection.create_response === undefined ? {} : { createResponse: detection.create_response }),
    ...(detection.interrupt_response === undefined ? {} : { interruptResponse: detection.interrupt_response }),
  };
  switch (detection.type) {
    case "server_vad":
      return {
        kind: "server_vad",
        ...common,
        ...(detection.threshold === undefined ? {} : { threshold: detection.threshold }),
        ...(detection.prefix_padding_ms === undefined ? {} : { prefixMs: detection.prefix_padding_ms }),
        ...(detection.silence_duration_ms === undefined ? {} : { silenceMs: detection.silence_duration_ms }),
        idleMs: detection.idle_timeout_ms ?? undefined,
      };
    case "semantic_vad":
      return { kind: "semantic_vad", ...common, eagerness: detection.eagerness ?? "auto" };
    default:
      return detection satisfies never;
  }
}

interface Kept {
  /** Tools are kept by id: those of the organisation that have the same names. */
  readonly toolIds: readonly string[];
  /** The agent that it began as. */
  readonly before: AgentConfig | undefined;
}

/** What an agent keeps of it. */
export function toAgent(setup: Setup, mode: TalkMode, { toolIds, before }: Kept) {
  return {
    model: setup.model ?? null,
    instructions: setup.instructions,
    voice: setup.voice ?? null,
    modality: setup.modality,
    turnDetection: mode === "hold" ? null : toTurnDetection(setup.detection),
    noiseReduction: setup.noiseReduction === "off" ? null : setup.noiseReduction,
    transcription: toTranscription(setup.language, before?.transcription ?? null),
    speed: setup.speed,
    maxOutputTokens: setup.maxTokens ?? null,
    tools: [...toolIds],
  };
}

/** The page knows the language alone: what else was kept stays. */
export function toTranscription(language: string, before: AgentConfig["transcription"]): AgentConfig["transcription"] {
  const { language: _before, ...rest } = before ?? {};
  if (language !== "") return { ...rest, language };
  return Object.keys(rest).length > 0 ? rest : null;
}
