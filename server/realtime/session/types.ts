/** The seam between a session and whoever carries its frames. */
import type { Engine } from "../engine/types";
import type { Guardrail } from "../engine/guardrails";
import type { AgentInfo, SessionObservation } from "../observers/types";
import type { ServerEvent } from "../protocol/server-events";
import type { Item } from "../protocol/items";
import type { SessionConfigInput, SessionKind } from "../protocol/session-config";
import type { SessionResource } from "../protocol/session-resource";
import type { WireEvent } from "../protocol/wire-event";
import type { ContextOptions } from "./memory";
import type { McpOptions } from "../tools/mcp";
import type { ServerTool } from "../tools/types";
import type { SessionUsage } from "../usage-gate";
import type { Speculate } from "./speculation";
import type { PromptStore } from "./stored-prompts";
import type { ToolCallOptions } from "./tool-calls";

/** What acts in a session besides its client. */
export interface ActingOptions {
  /** Tools that run on the server. */
  readonly tools?: readonly ServerTool[] | undefined;
  readonly toolCalls?: ToolCallOptions | undefined;
  /** Hear each clause of a reply before it is said. */
  readonly guardrails?: readonly Guardrail[] | undefined;
  /** Undefined: prompts by id are refused. */
  readonly prompts?: PromptStore | undefined;
  /** Undefined: MCP tools are refused. */
  readonly mcp?: McpOptions | undefined;
}

export interface SessionOptions extends ActingOptions {
  /** Default: a new one. */
  readonly id?: string;
  readonly engine: Engine;
  /** The model name that the client asked for; echoed in the session. */
  readonly model: string;
  /** Default: the kind of `config`, else a conversation. */
  readonly kind?: SessionKind;
  /** Configuration to begin with, already validated (a client secret's, an agent's); merged over the defaults. */
  readonly config?: SessionConfigInput;
  readonly limits: SessionLimits;
  readonly turnTaking?: TurnTakingOptions;
  /** Who the session belongs to. */
  readonly tenant?: string;
  readonly context?: ContextOptions;
  /** Asked for room before each response. Default: there is no end to it. */
  readonly usage?: SessionUsage;
  /** Told which stored prompt the session runs under, before it does. Throws a `ProtocolError` to refuse. */
  readonly becomes?: (agent: AgentInfo | undefined) => void;
  readonly output: SessionOutput;
  /** The track of a call. Undefined: audio comes and goes in events. */
  readonly audio?: SessionAudio;
  readonly observe: (observation: SessionObservation) => void;
  /** A fault of ours or of a provider, for the log; the client has been told in words of its own. */
  readonly onFault?: (error: unknown) => void;
}

/** How turns are taken, beyond what clients can say. */
export interface TurnTakingOptions {
  /**
   * What is done during a pause, before it is known to end the turn: nothing (`off`), the words (`transcribe`), or also
   * the beginning of the reply (`reply`). What turns out to be in vain is dropped unseen, but it has been paid for.
   * Default: `reply` when the engine's parts are local and free, otherwise `transcribe`.
   */
  readonly speculate?: Speculate;
  /**
   * Speech that it takes to interrupt the assistant, in ms. Clients stop playing at `speech_started`, so that event
   * waits for it. Default: 60, as for any speech.
   */
  readonly minInterruptionMs?: number;
  /**
   * Lets the assistant go on when all that was said is "mm-hm", "yeah", "okay" and the like. Speech of more than a
   * second interrupts without a look at its words. Needs `speculate` not to be `off`. Default: false.
   */
  readonly ignoreBackchannels?: boolean;
  /** Lets the assistant go on with its sentence when what interrupted it had no words. Default: false. */
  readonly resumeFalseInterruptions?: boolean;
  /** How far audio may be sent ahead of what can have been heard, in ms. Default: 10,000. */
  readonly outputLeadMs?: number;
}

export interface SessionLimits {
  /** Milliseconds until `session_expired`. */
  readonly maxDurationMs: number;
  /** Bytes of audio kept per session (buffer and items), in wire format; the oldest item's audio is dropped beyond it. */
  readonly maxAudioBytes: number;
  /** Items kept in a conversation; one more is refused. */
  readonly maxItems: number;
}

/** Both directions of a call's sound: 16-bit mono at 24 kHz. */
export interface SessionAudio {
  readonly sampleRate: 24_000;
  /** Adds to what waits to be heard. */
  play(samples: Int16Array): void;
  /** Drops what waits. */
  clear(): void;
  /** What was heard since the beginning, in ms. */
  readonly playedMs: number;
  readonly waitingMs: number;
  listen(listener: { onAudio(samples: Int16Array): void; onPlayed(): void }): void;
}

/** A session as it stands, for whoever looks at it from outside. */
export interface SessionSnapshot {
  readonly resource: SessionResource;
  /** In the order of the conversation, without audio. */
  readonly items: readonly Item[];
}

/** Where a session writes. Called from one place only, in order. */
export interface SessionOutput {
  send(event: ServerEvent): void;
  /** The same for an event that comes ready-made. Undefined: it must be sent as an object. */
  pass?(event: WireEvent): void;
  /** More waits for the client than should; `room` tells when that is over. Undefined: never. */
  behind?(): boolean;
  /** Resolves when the client has room for more audio (at once, mostly). Rejects never. */
  room(): Promise<void>;
  /** The session is over: flush and close. */
  end(code: number, reason: string): void;
}
