/** Who asks, for which organisation, with which rights: the first half of every call of a service. */
import type { PasswordHasher } from "../auth/passwords";
import type { Role, Scope } from "../auth/roles";
import type { Database } from "../db/client";
import type { Sealer } from "../seal";
import type { ToolRunner } from "./tools/runner";

/** Requests to addresses that users enter, guarded against those inside. */
export interface GuardedRequests {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Throws for a URL that is refused before anything is asked. */
  check(url: string): Promise<void>;
}

export type Actor =
  | { readonly type: "user"; readonly id: string; readonly name: string }
  | { readonly type: "key"; readonly id: string; readonly name: string }
  /** A job, or the operator on the machine itself. */
  | { readonly type: "system"; readonly name: string };

/** What services need that no request brings: made once, by whoever composes the server. */
export interface Services {
  readonly db: Database;
  /** Seals secrets that must be read again, such as those that webhooks are signed with. */
  readonly seal: Sealer;
  readonly passwords: PasswordHasher;
  readonly outbound: GuardedRequests;
  readonly tools: ToolRunner;
  /** Told after the transaction that they are about. Sessions of a revoked key end by it, for example. */
  readonly notify?: (event: ServiceEvent) => void;
}

export type ServiceEvent =
  | { readonly type: "key.revoked"; readonly org: string; readonly keyId: string }
  | { readonly type: "session.end"; readonly org: string; readonly sessionId: string }
  | { readonly type: "limits.changed"; readonly org: string }
  | { readonly type: "prices.changed"; readonly org: string }
  | { readonly type: "settings.changed"; readonly org: string }
  | { readonly type: "audio.deleted"; readonly org: string }
  | { readonly type: "webhook.queued"; readonly org: string };

export interface ServiceContext extends Services {
  readonly org: string;
  readonly actor: Actor;
  /** Null for keys and jobs, which have scopes without being a member. */
  readonly role: Role | null;
  readonly scopes: ReadonlySet<Scope>;
  readonly ip?: string;
  readonly requestId?: string;
}
