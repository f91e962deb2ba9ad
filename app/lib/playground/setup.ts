/** What one talks to in the playground: everything of a session that can be set on the page. */
import type { RealtimeConfigInput } from "../../../server/realtime/protocol/session-config";

export type TalkMode = "hold" | "hands-free";
export type Modality = "audio" | "text";

/** Both kinds at once, so that switching between them forgets nothing. */
export interface Detection {
  readonly kind: "server_vad" | "semantic_vad";
  readonly threshold: number;
  readonly prefixMs: number;
  readonly silenceMs: number;
  /** Undefined: the assistant never speaks up unasked. */
  readonly idleMs: number | undefined;
  readonly eagerness: "low" | "medium" | "high" | "auto";
  readonly createResponse: boolean;
  readonly interruptResponse: boolean;
}

export interface SetupTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is answered at once when it is called; undefined: whoever sits at the page answers. */
  readonly mock: string | undefined;
  /** This page carries it out. */
  readonly builtIn?: boolean;
}

/** An MCP server that the organisation has registered: its address and keys stay with this server. */
export interface SetupServer {
  readonly label: string;
  readonly approval: NonNullable<McpToolInput["require_approval"]>;
  /** Undefined: all that it lists. */
  readonly allowedTools: readonly string[] | undefined;
}

type McpToolInput = Extract<NonNullable<RealtimeConfigInput["tools"]>[number], { type: "mcp" }>;

export interface Setup {
  /** Undefined: the server's default. */
  readonly model: string | undefined;
  /** Empty: the server's own. */
  readonly instructions: string;
  readonly modality: Modality;
  /** Undefined leaves the choice to the server. */
  readonly voice: string | undefined;
  readonly speed: number;
  readonly detection: Detection;
  readonly noiseReduction: "off" | "near_field" | "far_field";
  /** ISO-639-1; empty: recognised by itself. */
  readonly language: string;
  /** Undefined: as many as it takes. */
  readonly maxTokens: number | undefined;
  readonly tools: readonly SetupTool[];
  readonly servers: readonly SetupServer[];
}

export const defaultSetup: Setup = {
  model: undefined,
  instructions: "",
  modality: "audio",
  voice: undefined,
  speed: 1,
  detection: {
    kind: "server_vad",
    threshold: 0.5,
    prefixMs: 300,
    silenceMs: 500,
    idleMs: undefined,
    eagerness: "auto",
    createResponse: true,
    interruptResponse: true,
  },
  noiseReduction: "off",
  language: "",
  maxTokens: undefined,
  tools: [],
  servers: [],
};

const PCM = { type: "audio/pcm", rate: 24_000 } as const;

/** The session as the protocol has it; the model is named when the connection is made. */
export function toSession(setup: Setup, mode: TalkMode): RealtimeConfigInput {
  const { voice, speed, noiseReduction, language } = setup;
  return {
    type: "realtime",
    ...(setup.instructions.trim() === "" ? {} : { instructions: setup.instructions }),
    output_modalities: [setup.modality],
    audio: {
      input: {
        format: PCM,
        transcription: language === "" ? {} : { language },
        turn_detection: mode === "hold" ? null : toTurnDetection(setup.detection),
        ...(noiseReduction === "off" ? {} : { noise_reduction: { type: noiseReduction } }),
      },
      output: { format: PCM, ...(voice === undefined ? {} : { voice }), ...(speed === 1 ? {} : { speed }) },
    },
    ...(setup.maxTokens === undefined ? {} : { max_output_tokens: setup.maxTokens }),
    ...(setup.tools.length + setup.servers.length === 0 ? {} : { tools: toTools(setup), tool_choice: "auto" }),
  };
}

export function toTurnDetection(detection: Detection) {
  const { createResponse: create_response, interruptResponse: interrupt_response } = detection;
  switch (detection.kind) {
    case "server_vad":
      return {
        type: "server_vad" as const,
        threshold: detection.threshold,
        prefix_padding_ms: detection.prefixMs,
        silence_duration_ms: detection.silenceMs,
        idle_timeout_ms: detection.idleMs ?? null,
        create_response,
        interrupt_response,
      };
    case "semantic_vad":
      return { type: "semantic_vad" as const, eagerness: detection.eagerness, create_response, interrupt_response };
    default:
      return detection.kind satisfies never;
  }
}

function toTools({ tools, servers }: Setup) {
  return [...tools.map(toTool), ...servers.map(toMcpTool)];
}

function toMcpTool({ label, approval, allowedTools }: SetupServer): McpToolInput {
  return {
    type: "mcp",
    server_label: label,
    require_approval: approval,
    ...(allowedTools === undefined ? {} : { allowed_tools: [...allowedTools] }),
  };
}

function toTool({ name, description, parameters }: SetupTool) {
  return { type: "function" as const, name, description, parameters: { ...parameters } };
}

/** The same as a session that goes back to what was there: fields that were set and no longer are get their usual value. */
export function toUpdate(setup: Setup, before: Setup, mode: TalkMode): RealtimeConfigInput {
  const session = toSession(setup, mode);
  const { input, output } = session.audio ?? {};
  return {
    ...session,
    audio: {
      input: { ...input, ...(setup.noiseReduction === before.noiseReduction ? {} : noiseOf(setup)) },
      output: {
        ...(setup.voice === before.voice || setup.voice === undefined ? {} : { voice: setup.voice }),
        ...(setup.speed === before.speed ? {} : { speed: setup.speed }),
        ...(output?.format === undefined ? {} : { format: output.format }),
      },
    },
    ...(setup.maxTokens === before.maxTokens ? {} : { max_output_tokens: setup.maxTokens ?? "inf" }),
    ...(setup.tools === before.tools && setup.servers === before.servers ? {} : { tools: toTools(setup) }),
  };
}

function noiseOf({ noiseReduction }: Setup) {
  return { noise_reduction: noiseReduction === "off" ? null : { type: noiseReduction } };
}
