/** What the parts of a session share. Each part owns its state; this is all they know of each other's. */
import type { GuardReport } from "../engine/guardrails";
import type { Engine } from "../engine/types";
import type { AgentInfo, ToolCallReport, TurnStage } from "../observers/types";
import type { ResponseUsage } from "../protocol/responses";
import type { ServerEventBody } from "../protocol/server-events";
import type { RealtimeConfig, SessionConfig } from "../protocol/session-config";
import type { Conversation } from "./conversation";

export interface StageOf {
  readonly responseId?: string;
  readonly itemId?: string;
  readonly agent?: AgentInfo;
}

export interface SessionContext {
  readonly sessionId: string;
  readonly engine: Engine;
  readonly conversation: Conversation;
  config(): SessionConfig;
  /** The same of a session that answers. Throws where nobody does, since nobody should ask there. */
  answering(): RealtimeConfig;
  /** Sends one event to the client. Only from inside a posted task. */
  emit(event: ServerEventBody): void;
  /** Runs a task at once, and tells the client if it cannot be done. Only from inside a posted task. */
  attempt(task: () => void): void;
  /** Runs a task in the session's queue: the only way back in from a provider, a timer or a promise. */
  post(task: () => void): void;
  /** Work on a pause that was used, or thrown away at a cost. */
  speculated(result: { readonly outcome: "used" | "dropped"; readonly usage: ResponseUsage | undefined }): void;
  /** Audio that went over a track, for the observers. */
  spoken(audio: { readonly responseId: string; readonly itemId: string; readonly audio: Buffer }): void;
  /** A guardrail acted. */
  guarded(report: GuardReport & { readonly responseId: string }): void;
  /** A function call is done with. */
  called(report: ToolCallReport): void;
  stage(stage: TurnStage, of: StageOf): void;
  /** Resolves when the client has room for more audio. */
  room(): Promise<void>;
  /** A fault of ours or of a provider, for the log. */
  fault(error: unknown): void;
}
