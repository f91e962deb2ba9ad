/** The sessions alive in this process, by tenant: one tenant never finds another's. */
import type { LiveSession } from "./live-session";
import { CloseCode } from "../protocol/errors";
import type { ResponseUsage } from "../protocol/responses";
import type { SessionInfo } from "../observers/types";

export class SessionRegistry {
  private readonly byId = new Map<string, LiveSession>();
  private readonly byCallId = new Map<string, LiveSession>();

  get size(): number {
    return this.byId.size;
  }

  add(live: LiveSession): void {
    const { sessionId, callId } = live.info;
    this.byId.set(sessionId, live);
    if (callId !== undefined) this.byCallId.set(callId, live);
  }

  remove(live: LiveSession): void {
    const { sessionId, callId } = live.info;
    this.byId.delete(sessionId);
    if (callId !== undefined) this.byCallId.delete(callId);
  }

  /** By the id of the session or of its call. */
  find(tenant: string, id: string): LiveSession | undefined {
    const live = this.byId.get(id) ?? this.byCallId.get(id);
    return live?.info.tenant === tenant ? live : undefined;
  }

  /** Newest first. Undefined: of all tenants. */
  list(tenant?: string): LiveSession[] {
    const all = [...this.byId.values()].filter((live) => tenant === undefined || live.info.tenant === tenant);
    return all.sort((a, b) => newerFirst(a.info, b.info));
  }
}

export interface SessionPlace {
  readonly startedAt: number;
  readonly sessionId: string;
}

/** The order of every list of sessions; the id decides between two of one millisecond. */
export function newerFirst(a: SessionPlace, b: SessionPlace): number {
  return b.startedAt - a.startedAt || (a.sessionId < b.sessionId ? 1 : a.sessionId > b.sessionId ? -1 : 0);
}

/** A session that is alive, for whoever runs the server. */
export interface LiveSessionView extends SessionInfo {
  /** What its responses have cost so far. */
  readonly usage: ResponseUsage;
}

/** The host's own view of the sessions alive in this process. */
export interface LiveSessions {
  /** Newest first; of all tenants unless one is named. */
  list(filter?: { readonly tenant?: string }): LiveSessionView[];
  /** By the id of the session or of its call. */
  find(id: string): LiveSessionView | undefined;
  /** Ends a session for everybody connected to it. `reason` is at most 123 bytes. Returns false when there is none. */
  end(id: string, reason?: string): boolean;
}

export function liveSessions(registry: SessionRegistry): LiveSessions {
  const view = (live: LiveSession): LiveSessionView => ({ ...live.info, usage: live.usage });
  const find = (id: string): LiveSession | undefined =>
    registry.list().find(({ info }) => info.sessionId === id || info.callId === id);
  return {
    list: ({ tenant } = {}) => registry.list(tenant).map(view),
    find: (id) => {
      const live = find(id);
      return live && view(live);
    },
    end: (id, reason = "session_ended") => {
      const live = find(id);
      live?.end(CloseCode.normal, reason);
      return live !== undefined;
    },
  };
}
