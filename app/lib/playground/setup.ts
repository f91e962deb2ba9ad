/** What one talks to in the playground: everything of a session that can be set on the page. */
import type { RealtimeConfigInput } from "../../../server/realtime/protocol/session-config";
import { agentSession, agentUpdate } from "./agent-session";
import { PCM, reasoningOf, toTools, toTurnDetection } from "./session-fields";

export type TalkMode = "hold" | "hands-free";
export type Modality = "audio" | "text";

/** How long a model that reasons may think first. */
export const EFFORTS = ["minimal", "low", "medium", "high", "xhigh"] as const;
export type Effort = (typeof EFFORTS)[number];

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

/** A tool of the organisation that the server runs. */
export interface SetupWebhook {
  readonly id: string;
  readonly name: string;
}

/** An MCP server that the organisation has registered: its address, its keys and its rules stay with this server. */
export interface SetupServer {
  readonly label: string;
  /** Undefined: calls ask as the server was registered. */
  readonly approval: "always" | "never" | undefined;
}

/** The agent that the session runs under, by its prompt id. */
export interface SetupAgent {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** Values of the variables in its instructions. */
  readonly variables: Readonly<Record<string, string>>;
  /** As it was saved: what differs on the page is said beside the prompt. */
  readonly own: Omit<Setup, "agent">;
  /** Its tools that run on the server, by name. */
  readonly webhooks: readonly string[];
  /** Names of those that it hands over to. */
  readonly handoffs: readonly string[];
}

export interface Setup {
  /** Undefined: nobody but what is set here. */
  readonly agent: SetupAgent | undefined;
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
  /** Undefined: the model's own. */
  readonly effort: Effort | undefined;
  readonly tools: readonly SetupTool[];
  readonly servers: readonly SetupServer[];
  readonly webhooks: readonly SetupWebhook[];
}

export const defaultSetup: Setup = {
  agent: undefined,
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
  effort: undefined,
  tools: [],
  servers: [],
  webhooks: [],
};

/** The session as the protocol has it; the model is named when the connection is made. */
export function toSession(setup: Setup, mode: TalkMode): RealtimeConfigInput {
  if (setup.agent !== undefined) return agentSession(setup, setup.agent, mode);
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
    ...(setup.effort === undefined ? {} : { reasoning: { effort: setup.effort } }),
    ...(setup.tools.length + setup.servers.length === 0 ? {} : { tools: toTools(setup), tool_choice: "auto" }),
    ...(setup.webhooks.length === 0 ? {} : { prompt: promptOf(setup) }),
  };
}

/** What the server keeps is named by its ids. */
function promptOf({ webhooks }: Setup) {
  return webhooks.length === 0 ? null : { id: webhooks.map(({ id }) => id).join(",") };
}

/** The same as a session that goes back to what was there: fields that were set and no longer are get their usual value. */
export function toUpdate(setup: Setup, before: Setup, mode: TalkMode): RealtimeConfigInput {
  if (setup.agent !== undefined)
    return setup.agent === before.agent ? agentUpdate(setup, before, mode) : toSession(setup, mode);
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
    ...(setup.effort === before.effort ? {} : { reasoning: reasoningOf(setup) }),
    ...(setup.webhooks === before.webhooks ? {} : { prompt: promptOf(setup) }),
    ...(setup.tools === before.tools && setup.servers === before.servers ? {} : { tools: toTools(setup) }),
  };
}

function noiseOf({ noiseReduction }: Setup) {
  return { noise_reduction: noiseReduction === "off" ? null : { type: noiseReduction } };
}
