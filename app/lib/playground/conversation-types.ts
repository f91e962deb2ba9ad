/** The conversation as the page shows it. Built from events by `conversation-state.ts`, never changed in place. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { McpCallItem } from "../../../server/realtime/protocol/items";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import type { RealtimeSessionResource } from "../../../server/realtime/protocol/session-config";
import type { ResponseUsage } from "../../../server/realtime/protocol/responses";
import type { Mark } from "./heard-words";

export interface UserTurn {
  readonly kind: "user";
  /** The item's id. */
  readonly id: string;
  readonly source: "voice" | "text";
  readonly status: "listening" | "transcribing" | "done" | "failed";
  readonly text: string;
  /** Pictures that came with it, as data URLs. */
  readonly images: readonly string[];
  /** Why there is no transcript, in the server's words. */
  readonly problem: string | undefined;
}

export interface AssistantTurn {
  readonly kind: "assistant";
  /** The response's id, followed by the item's place in it. */
  readonly id: string;
  readonly responseId: string;
  /** Undefined until the response has begun its message. */
  readonly itemId: string | undefined;
  readonly status: "thinking" | "streaming" | "done" | "interrupted" | "incomplete" | "failed";
  readonly text: string;
  /** Which words lie where in the audio; empty for a written reply. */
  readonly marks: readonly Mark[];
  /** Audio that has arrived. */
  readonly audioMs: number;
  /** No more text or audio will come. */
  readonly complete: boolean;
  /** How much of the audio was heard before it was interrupted; undefined when it was not. */
  readonly heardMs: number | undefined;
  readonly latency: Latency | undefined;
  /** Why the reply failed or stopped early. */
  readonly problem: string | undefined;
  /** Known once the response is done. */
  readonly usage: ResponseUsage | undefined;
}

/** A call of a function. */
export interface ToolTurn {
  readonly kind: "tool";
  readonly id: string;
  readonly callId: string;
  readonly responseId: string;
  readonly name: string;
  /** JSON, as far as it has come. */
  readonly arguments: string;
  /** Who answers it: somebody at this page or its mock, or the server by itself. */
  readonly by: "page" | "server";
  /** `void`: it will never be carried out. */
  readonly status: "streaming" | "waiting" | "done" | "void";
  /** What was answered. */
  readonly output: string | undefined;
  /** When it was complete. */
  readonly since: number;
  readonly durationMs: number | undefined;
}

/** A call of an MCP server's tool. */
export interface McpTurn {
  readonly kind: "mcp";
  readonly id: string;
  readonly responseId: string;
  readonly server: string;
  readonly name: string;
  /** JSON, as far as it has come. */
  readonly arguments: string;
  /** `asking`: somebody must approve it first. `void`: it will never be carried out. */
  readonly status: "streaming" | "asking" | "running" | "done" | "failed" | "void";
  /** What somebody is asked, and what was answered. */
  readonly approval: { readonly requestId: string; readonly answer: ApprovalAnswer | undefined } | undefined;
  readonly output: string | undefined;
  readonly error: McpError | undefined;
  /** When it began to run. */
  readonly since: number;
  readonly durationMs: number | undefined;
}

export type McpError = NonNullable<McpCallItem["error"]>;

export interface ApprovalAnswer {
  readonly approve: boolean;
  /** Empty: none was given. */
  readonly reason: string;
}

/** An MCP server that is asked for its tools. */
export interface McpListTurn {
  readonly kind: "mcp-list";
  readonly id: string;
  readonly server: string;
  readonly status: "listing" | "done" | "failed";
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  readonly problem: string | undefined;
  readonly since: number;
  readonly durationMs: number | undefined;
}

/** Where a new session began below older turns. */
export interface DividerTurn {
  readonly kind: "divider";
  readonly id: string;
}

export type Turn = UserTurn | AssistantTurn | ToolTurn | McpTurn | McpListTurn | DividerTurn;

export interface Latency {
  /** From the end of speech, the commit or the typed message to the first audio (or text) of the reply. */
  readonly totalMs: number;
  /** The part of it in which turn detection waited for more speech. */
  readonly silenceMs: number;
}

/** What a reply is an answer to: the clock of its latency. */
export interface Trigger {
  readonly at: number;
  readonly silenceMs: number;
}

export interface ConversationState {
  readonly session: RealtimeSessionResource | undefined;
  readonly turns: readonly Turn[];
  /** Set by the end of speech, a commit or a message; taken by the next response. */
  readonly trigger: Trigger | undefined;
  /** The responses that run, each with what it answers. */
  readonly active: Readonly<Record<string, Trigger>>;
  /** Once audio was spoken the voice of a session is fixed. */
  readonly voiceLocked: boolean;
  /** What the responses of this session took, one after the other. */
  readonly usage: readonly ResponseUsage[];
}

/** `at` in milliseconds on any clock that never goes back. */
export type ConversationInput =
  | { readonly type: "received"; readonly event: ServerEvent; readonly at: number }
  | { readonly type: "sent"; readonly event: ClientEvent; readonly at: number }
  /** Playback was stopped before the item's audio was over. */
  | { readonly type: "cut"; readonly itemId: string; readonly heardMs: number }
  /** The connection is gone: what was under way will never be finished. */
  | { readonly type: "disconnected" };
