/** What a host may set, and what holds when it does not. */
import type { Authenticate } from "./door/auth";
import type { Guardrail } from "./engine/guardrails";
import type { Logger } from "./logger";
import type { ModelOptions } from "./live/models";
import type { SessionObserver } from "./observers/types";
import type { SessionArchive } from "./live/session-archive";
import type { SecretStore } from "./door/secrets";
import type { ContextOptions } from "./session/memory";
import type { SessionLimits, TurnTakingOptions } from "./session/types";
import type { PromptStore } from "./session/stored-prompts";
import type { ToolCallOptions } from "./session/tool-calls";
import type { McpOptions } from "./tools/mcp";
import type { ServerTool } from "./tools/types";
import type { WebRtcSettings } from "./transport/webrtc/settings";
import type { UsageGate } from "./usage-gate";
import type { WebSocketSettings } from "./transport/settings";

export interface RealtimeLimits extends Partial<SessionLimits> {
  /** Sessions alive at a time in this process; one more is refused and may try again later. Default: 5000. */
  readonly maxSessions?: number;
  /** Connections whose key is being checked at a time. Default: 1000. */
  readonly maxPending?: number;
  /** Milliseconds that `authenticate` may take. Default: 10,000. */
  readonly authTimeoutMs?: number;
  /** Milliseconds until a session expires. Default: 60 minutes. */
  readonly maxDurationMs?: number;
  /** Bytes of audio kept for one session, as it came over the wire. Default: 64 MiB. */
  readonly maxAudioBytes?: number;
  /** Items kept in one conversation. Default: 10,000. */
  readonly maxItems?: number;
}

export interface RealtimeHandlerOptions extends ModelOptions {
  /** Decides who may come in: `apiKeys([…])`, `allowAnyone()`, or a function of your own. */
  readonly authenticate: Authenticate;
  /** Where the WebSocket answers; the REST routes lie below and beside it. Default: `/v1/realtime`. */
  readonly basePath?: string;
  /**
   * Serves `/openapi.json` (the REST routes) and `/asyncapi.json` (the events), in front of the base path: at `/api/openapi.json` for
   * `/api/v1/realtime`. Set it to false where the host has one of its own. Default: true.
   */
  readonly documents?: boolean;
  /**
   * Answers Azure's clients too, at `/openai/realtime` and `/openai/v1/realtime` and below, where deployments are the
   * names of `models`. Default: true.
   */
  readonly azure?: boolean;
  readonly limits?: RealtimeLimits;
  /** How turns are taken, beyond what clients can say. */
  readonly turnTaking?: TurnTakingOptions;
  /** What happens to conversations that outgrow their model. */
  readonly context?: ContextOptions;
  /**
   * Tools that run on the server, offered to the model beside each client's own; made with `defineTool`. Clients see
   * their calls and results as items, and may not use their names. Default: none.
   */
  readonly tools?: readonly ServerTool[];
  readonly toolCalls?: ToolCallOptions;
  /**
   * Hear each clause of a reply before it is said, in order: they let it pass, put other words in its place, or end the reply.
   * Observers are told what they did. Default: none.
   */
  readonly guardrails?: readonly Guardrail[];
  /** Where `prompt: { id, version, variables }` of sessions and responses is looked up. Default: prompts are refused. */
  readonly prompts?: PromptStore;
  /** Connects sessions to the MCP servers that their tools name. Default: tools of type `mcp` are refused. */
  readonly mcp?: McpOptions;
  /** Told of everything that happens in every session. They look on: what they throw is logged and dropped. */
  readonly observers?: readonly SessionObserver[];
  /** Default: silent. */
  readonly logger?: Logger;
  /**
   * Web origins that may connect and call the REST routes, for example `https://app.example.com`; `*` for all. Requests
   * without an `Origin` header do not come from a web page and are not affected. Set it when `authenticate` trusts
   * cookies. Default: no restriction, and no CORS headers.
   */
  readonly origins?: readonly string[];
  /** Where client secrets (`ek_…`) are kept. Default: in memory. */
  readonly secrets?: SecretStore;
  /**
   * Calls over WebRTC at `/calls`, with the packages `node-datachannel` and `@evan/opus`, which are loaded when the first
   * call comes. False: none. Default: on, with a free UDP port for each call.
   */
  readonly webrtc?: WebRtcSettings | false;
  /** What each tenant, key and session may use. Default: as much as they like. */
  readonly usage?: UsageGate;
  /**
   * Adds to `/v1/realtime/sessions` those that have ended, and those that run at other servers. Default: only what is alive
   * in this process is shown, and can be ended.
   */
  readonly archive?: SessionArchive;
  /**
   * Checks every outgoing event against its schema: `true` logs what does not fit, `"throw"` throws it. Default: `"throw"`
   * when `NODE_ENV` is `test`, off when it is `production`, otherwise `true`.
   */
  readonly validateEvents?: boolean | "throw";
  /** Told of faults of the server and of the host's own functions. They are logged either way. */
  readonly onError?: (error: unknown, context: ErrorContext) => void;
  readonly websocket?: Partial<WebSocketSettings>;
}

export interface ErrorContext {
  /** The session that it happened in, if it did. */
  readonly sessionId?: string;
}

const MIB = 1024 * 1024;

const LIMITS: Required<RealtimeLimits> = {
  maxSessions: 5_000,
  maxPending: 1_000,
  authTimeoutMs: 10_000,
  maxDurationMs: 60 * 60 * 1000,
  maxAudioBytes: 64 * MIB,
  maxItems: 10_000,
};

const WEBSOCKET: WebSocketSettings = {
  pingIntervalMs: 20_000,
  closeTimeoutMs: 5_000,
  // The largest append is 15 MiB of audio, which is 20 MiB of base64.
  maxFrameBytes: 24 * MIB,
};

export function withDefaultLimits(limits: RealtimeLimits = {}): Required<RealtimeLimits> {
  return overDefaults(LIMITS, limits, "limits");
}

export function withDefaultWebSocket(settings: Partial<WebSocketSettings> = {}): WebSocketSettings {
  return overDefaults(WEBSOCKET, settings, "websocket");
}

/** `given` over `defaults`; an explicit undefined counts as not given. Every value must be a positive number. */
function overDefaults<T extends object>(defaults: T, given: Partial<T>, name: string): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [key, value] of set) {
    if (typeof value !== "number" || !(value > 0)) throw new TypeError(`\`${name}.${key}\` must be a number above 0.`);
  }
  return { ...defaults, ...Object.fromEntries(set) };
}

export type EventValidation = "off" | "log" | "throw";

export function eventValidation(
  option: boolean | "throw" | undefined,
  nodeEnv = process.env["NODE_ENV"],
): EventValidation {
  if (option === "throw") return "throw";
  if (option !== undefined) return option ? "log" : "off";
  if (nodeEnv === "test") return "throw";
  return nodeEnv === "production" ? "off" : "log";
}

/** `/v1/realtime`, without a slash at its end. */
export function checkedBasePath(path = "/v1/realtime"): string {
  const trimmed = path.replace(/\/+$/, "");
  if (!/^(\/[\w.~-]+)+$/.test(trimmed)) {
    throw new TypeError(`"${path}" cannot be a base path. Give a path such as "/v1/realtime".`);
  }
  return trimmed;
}
