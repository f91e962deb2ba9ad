/** What sessions may use: asked when one begins and when a response does, told what it really took. */
import type { AgentInfo } from "./observers/types";
import type { ServerEventOf } from "./protocol/server-events";

export type RateLimit = ServerEventOf<"rate_limits.updated">["rate_limits"][number];

/** `agentId`: the stored prompt that the session's key or secret names, if it names one. */
export interface UsageSession extends Partial<AgentInfo> {
  readonly tenant: string;
  readonly keyId?: string;
  readonly model: string;
}

/** What one response may use. */
export interface UsageLease {
  /** It took so many tokens, whatever was reserved. Called once. */
  settle(tokens: number): void;
}

export interface SessionUsage {
  /**
   * Room for a response of about so many tokens. Rejects with a `ProtocolError` when there is none: the response then
   * ends as `failed`, in its words. `agent`: the stored prompt that this response alone names, in place of the session's.
   */
  reserve(tokens: number, agent?: AgentInfo): Promise<UsageLease>;
  /** Where the session stands, for `rate_limits.updated`. */
  limits(): readonly RateLimit[];
  /**
   * Another stored prompt takes over; undefined: none holds any more. Throws a `ProtocolError` to refuse it: the session then
   * stays what it was. Default: all the same to it.
   */
  become?(agent: AgentInfo | undefined): void;
  /** The session is over. */
  close(): void;
}

/** Limits of your own. What it throws beside a `ProtocolError` counts as a fault of the server, and lets nobody in. */
export interface UsageGate {
  /** A session begins. Throws a `ProtocolError` to refuse it. */
  open(session: UsageSession): SessionUsage;
  /** A REST request. Rejects with a `ProtocolError` to refuse it. Default: all are let through. */
  request?(identity: { readonly tenant: string; readonly keyId?: string }): Promise<void>;
}

/** Nobody counts. */
export const unlimited: SessionUsage = {
  reserve: () => Promise.resolve({ settle: () => undefined }),
  limits: () => [],
  close: () => undefined,
};
