/** What an observer is told. Observers look on: they cannot alter a session, and what they throw is logged and dropped. */
import type { ClientEvent } from "../protocol/client-events";
import type { ResponseUsage } from "../protocol/responses";
import type { ServerEvent } from "../protocol/server-events";
import type { SessionKind } from "../protocol/session-config";
import type { ToolFailureReason } from "../tools/types";

/** What is told of a call besides the time. */
export type ToolCallReport = Omit<Extract<SessionObservation, { type: "tool-call" }>, "type" | "at">;

/** The stored prompt that a session runs under. */
export interface AgentInfo {
  /** The prompt's id. */
  readonly agentId: string;
  /** Where the store says which, or the client asked for one. */
  readonly agentVersion?: string;
}

/** As it is when something is told: another agent may have taken over since the beginning. */
export interface SessionInfo extends Partial<AgentInfo> {
  readonly sessionId: string;
  readonly conversationId: string;
  readonly kind: SessionKind;
  readonly model: string;
  /** Of sessions that came as a call: the `rtc_…` of its `Location`. */
  readonly callId?: string;
  /** Public name of the key that opened it, where `authenticate` gave one. */
  readonly keyId?: string;
  /** Who the session belongs to, as `authenticate` said. */
  readonly tenant: string;
  readonly transport: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** `at` is in milliseconds on a clock that never goes back, counted from the session's start. */
export type SessionObservation =
  | { readonly type: "started"; readonly at: number }
  | { readonly type: "client-event"; readonly at: number; readonly event: ClientEvent }
  /** Audio that was appended, as it came over the wire. */
  | {
      readonly type: "input-audio";
      readonly at: number;
      readonly audio: Buffer;
      /** The protocol's name of it, for example "audio/pcm". */
      readonly format: string;
      readonly sampleRate: number;
    }
  /** Audio of the assistant that went over a call's track, 16-bit at 24 kHz; elsewhere it is in the server events. */
  | {
      readonly type: "output-audio";
      readonly at: number;
      readonly responseId: string;
      readonly itemId: string;
      readonly audio: Buffer;
    }
  | { readonly type: "server-event"; readonly at: number; readonly event: ServerEvent }
  /**
   * Stages of a turn, for latency: all of one response carry its id. `agent`, with `response-created`: the stored prompt
   * that the response names in place of the session's, and what it uses is for.
   */
  | {
      readonly type: "stage";
      readonly at: number;
      readonly stage: TurnStage;
      readonly responseId?: string;
      readonly itemId?: string;
      readonly agent?: AgentInfo;
    }
  /** A guardrail changed a reply, ended it, or failed. `text` is the clause that it judged. */
  | {
      readonly type: "guardrail";
      readonly at: number;
      readonly responseId: string;
      readonly guardrail: string;
      readonly verdict: "replace" | "stop" | "failed";
      readonly text: string;
    }
  /**
   * This server is done with a function call: it ran the tool, or its arguments did not fit the schema. Calls that
   * clients or MCP servers answer are seen by their items. `ranMs` is missing where nothing ran.
   */
  | {
      readonly type: "tool-call";
      readonly at: number;
      readonly callId: string;
      readonly name: string;
      /** Whose tool it is. */
      readonly by: "server" | "client";
      readonly outcome: "ok" | ToolFailureReason;
      readonly ranMs?: number;
    }
  /** Work done on a pause before it was known to end a turn. `usage` is what a reply cost that nobody will hear. */
  | {
      readonly type: "speculation";
      readonly at: number;
      readonly outcome: "used" | "dropped";
      readonly usage: ResponseUsage | undefined;
    }
  /** Another stored prompt took over; undefined: none holds any more. */
  | { readonly type: "agent"; readonly at: number; readonly agent: AgentInfo | undefined }
  /** What was used outside of responses since it was last told: words of a transcription, clauses of a translation. */
  | { readonly type: "usage"; readonly at: number; readonly usage: ResponseUsage }
  | { readonly type: "ended"; readonly at: number; readonly code: number; readonly reason: string };

export type TurnStage = "speech-stopped" | "transcribed" | "response-created" | "first-token" | "first-audio" | "done";

export interface SessionObserver {
  readonly name: string;
  observe(info: SessionInfo, observation: SessionObservation): void;
}
