/** Between what the playground is set to and what an agent keeps. */
import type { Answers } from "../trpc";
import {
  defaultSetup,
  type Detection,
  type Setup,
  type SetupServer,
  type SetupTool,
  type TalkMode,
  toTurnDetection,
} from "./setup";

export type AgentConfig = Answers["agents"]["get"]["config"];
export type StoredTool = Answers["tools"]["list"][number];

export interface LoadedSetup {
  readonly setup: Setup;
  /** Undefined: the agent leaves it to whoever talks. */
  readonly mode: TalkMode | undefined;
}

/** `tools` are those of the organisation; what was switched off or deleted meanwhile is left out. */
export function fromAgent(config: AgentConfig, tools: readonly StoredTool[]): LoadedSetup {
  const { turnDetection: detection } = config;
  const chosen = tools.filter(({ id, enabled }) => enabled && config.tools.includes(id));
  return {
    mode: detection === undefined ? undefined : detection === null ? "hold" : "hands-free",
    setup: {
      model: config.model ?? undefined,
      instructions: config.instructions,
      modality: config.modality,
      voice: config.voice ?? undefined,
      speed: config.speed,
      detection: { ...defaultSetup.detection, ...fromTurnDetection(detection ?? undefined) },
      noiseReduction: config.noiseReduction ?? "off",
      language: config.transcription?.language ?? "",
      maxTokens: config.maxOutputTokens ?? undefined,
      tools: chosen.filter(({ kind }) => kind !== "mcp").map(toSetupTool),
      servers: chosen.filter(({ kind }) => kind === "mcp").map(toSetupServer),
    },
  };
}

export function toSetupTool({ name, description, parameters }: StoredTool): SetupTool {
  return { name, description, parameters: parameters as SetupTool["parameters"], mock: undefined };
}

/** As it was registered. */
export function toSetupServer({ name, config }: StoredTool): SetupServer {
  const { approval, allowedTools } = config as {
    readonly approval?: SetupServer["approval"];
    readonly allowedTools?: readonly string[] | null;
  };
  return { label: name, approval: approval ?? "always", allowedTools: allowedTools ?? undefined };
}

/** Those of the organisation's tools that a setup uses: they have the same names. */
export function savedToolsOf({ tools, servers }: Setup, saved: readonly StoredTool[]): StoredTool[] {
  const names = new Set([...tools.map(({ name }) => name), ...servers.map(({ label }) => label)]);
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

/** What an agent keeps of it. Tools are kept by id, so `toolIds` are those of the organisation's. */
export function toAgent(setup: Setup, mode: TalkMode, toolIds: readonly string[]) {
  return {
    model: setup.model ?? null,
    instructions: setup.instructions,
    voice: setup.voice ?? null,
    modality: setup.modality,
    turnDetection: mode === "hold" ? null : toTurnDetection(setup.detection),
    noiseReduction: setup.noiseReduction === "off" ? null : setup.noiseReduction,
    transcription: setup.language === "" ? null : { language: setup.language },
    speed: setup.speed,
    maxOutputTokens: setup.maxTokens ?? null,
    tools: [...toolIds],
  };
}
