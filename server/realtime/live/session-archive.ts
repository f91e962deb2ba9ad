/** What a host can add to `GET /v1/realtime/sessions`: the sessions that have ended. */
import type { Item } from "../protocol/items";
import type { ResponseUsage } from "../protocol/responses";
import type { SessionPlace } from "./session-registry";

export interface ArchivedSession {
  readonly sessionId: string;
  readonly callId?: string;
  readonly conversationId: string;
  readonly model: string;
  readonly transport: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly usage: ResponseUsage;
}

export interface ArchivedConversation extends ArchivedSession {
  /** In the order of the conversation. */
  readonly items: readonly Item[];
}

/** Sessions that have ended, newest first. What it throws is told to `onError`; the client gets a generic error. */
export interface SessionArchive {
  /** At most `limit` sessions of the tenant, those after `before` in the order newest first. */
  list(query: {
    readonly tenant: string;
    readonly before: SessionPlace | undefined;
    readonly limit: number;
  }): Promise<readonly ArchivedSession[]>;
  find(query: { readonly tenant: string; readonly sessionId: string }): Promise<ArchivedConversation | undefined>;
}
