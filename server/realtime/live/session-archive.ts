/**
 * What a host can add to the routes under `/v1/realtime/sessions`: sessions that this process does not hold, because they
 * have ended, or because they run at another server.
 */
import type { Item } from "../protocol/items";
import type { ResponseUsage } from "../protocol/responses";
import type { SessionResource } from "../protocol/session-resource";
import type { SessionPlace } from "./session-registry";

export interface ArchivedSession {
  readonly sessionId: string;
  readonly callId?: string;
  readonly conversationId: string;
  readonly model: string;
  readonly transport: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. Undefined: it runs, at another server. */
  readonly endedAt?: number | undefined;
  readonly usage: ResponseUsage;
}

export interface ArchivedConversation extends ArchivedSession {
  /** In the order of the conversation. */
  readonly items: readonly Item[];
  /** Its configuration, of one that runs. */
  readonly session?: SessionResource | undefined;
}

/** Newest first. What it throws is told to `onError`; the client gets a generic error. */
export interface SessionArchive {
  /**
   * At most `limit` sessions of the tenant, those after `before` in the order newest first; with a `status` only such. What
   * runs in this process may be among them: it is shown as it stands here.
   */
  list(query: {
    readonly tenant: string;
    readonly status?: "live" | "ended" | undefined;
    readonly before: SessionPlace | undefined;
    readonly limit: number;
  }): Promise<readonly ArchivedSession[]>;
  /** `sessionId` may be the id of its call. */
  find(query: { readonly tenant: string; readonly sessionId: string }): Promise<ArchivedConversation | undefined>;
  /**
   * Has a session ended that runs at another server; `keyId` is who asks, and `sessionId` may be the id of its call.
   * Resolves with its id, or undefined when there is none. Default: only sessions of this process can be ended.
   */
  end?(query: {
    readonly tenant: string;
    readonly sessionId: string;
    readonly keyId: string | undefined;
  }): Promise<string | undefined>;
}
