/** Who may come in: the host's `authenticate`, and two ready-made ones. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { SessionConfigInput } from "../protocol/session-config";

/** What `authenticate` gets to decide by. */
export interface AuthRequest {
  /**
   * The key that the client presented: `Authorization: Bearer`, the `api-key` header, or a browser's
   * `openai-insecure-api-key.` subprotocol. Null when it presented none.
   */
  readonly key: string | null;
  readonly headers: Headers;
  readonly url: URL;
  /** The peer's address; undefined where the host does not say it, as with `fetch`. */
  readonly remoteAddress: string | undefined;
  /** `session`: a realtime connection; `rest`: an HTTP route. */
  readonly purpose: "session" | "rest";
  /** Of an HTTP route that changes something: its method. */
  readonly method?: string;
  /** Aborts when the answer is not wanted any more: the deadline passed, or the client left. */
  readonly signal: AbortSignal;
}

/** Who was let in. */
export interface Identity {
  /** Whoever the sessions, secrets and records belong to. Tenants never see each other's. */
  readonly tenant: string;
  /** A public name of the key, for logs and observers. Never the key itself. */
  readonly keyId?: string;
  /** Configuration that this identity's sessions begin with. */
  readonly session?: SessionConfigInput;
}

/**
 * Returns who it is, or null to refuse. May throw a `ProtocolError` to refuse with words of its own; anything else that
 * it throws counts as a fault of the server: the client gets a generic error, `onError` the cause.
 */
export type Authenticate = (request: AuthRequest) => Identity | null | Promise<Identity | null>;

export interface AuthenticateOptions {
  /** Tenant of everybody who is let in. Default: `default`. */
  readonly tenant?: string;
}

const digest = (key: string): Buffer => createHash("sha256").update(key).digest();

/**
 * Lets in whoever presents one of `keys`, compared in constant time.
 *
 * @throws TypeError when `keys` is empty or holds an empty key.
 */
export function apiKeys(keys: readonly string[], options: AuthenticateOptions = {}): Authenticate {
  if (keys.length === 0) throw new TypeError("apiKeys needs at least one key.");
  if (keys.some((key) => key.trim() === "")) throw new TypeError("apiKeys was given an empty key.");
  const tenant = options.tenant ?? "default";
  const known = keys.map((key) => {
    const hash = digest(key);
    return { hash, identity: { tenant, keyId: `key_${hash.toString("hex").slice(0, 12)}` } };
  });
  return ({ key }) => {
    if (key === null) return null;
    const presented = digest(key);
    let found: Identity | null = null;
    // Every key is compared, so that the time tells nothing about which one matched.
    for (const candidate of known) if (timingSafeEqual(candidate.hash, presented)) found = candidate.identity;
    return found;
  };
}

/** Lets everybody in, with or without a key. For tests and for servers that only you can reach. */
export function allowAnyone(options: AuthenticateOptions = {}): Authenticate {
  const identity: Identity = { tenant: options.tenant ?? "default" };
  return () => identity;
}
