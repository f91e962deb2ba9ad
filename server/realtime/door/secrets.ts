/** Client secrets (`ek_…`): short-lived keys that a browser may hold. Only their hashes are kept. */
import { createHash, randomBytes } from "node:crypto";
import type { SessionConfigInput } from "../protocol/session-config";
import { refusals } from "./refusal";

const PREFIX = "ek_";

/** What a secret allows. */
export interface SecretGrant {
  /** The tenant of whoever minted it. */
  readonly tenant: string;
  /** Public name of the key that minted it. */
  readonly keyId?: string;
  /** Configuration that its sessions begin with. */
  readonly session: SessionConfigInput;
}

export interface StoredSecret {
  /** SHA-256 of the secret, in hex. The secret has 192 random bits, so it needs no salt. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly grant: SecretGrant;
  /** It opens one session. Default: as many as come before it expires. */
  readonly singleUse?: boolean;
  /** Web origins that may use it. Default: all that the handler lets in, and clients that are no web pages. */
  readonly origins?: readonly string[];
}

/** Where secrets are kept. Give your own to share them between several processes. */
export interface SecretStore {
  save(secret: StoredSecret): void | Promise<void>;
  /** May return an expired one: the caller looks at `expiresAt`. */
  find(hash: string): StoredSecret | undefined | Promise<StoredSecret | undefined>;
  /** Uses up a single-use secret: true for exactly one of its callers. Default: there are no such secrets. */
  use?(hash: string): boolean | Promise<boolean>;
}

export function isClientSecret(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function newClientSecret(): string {
  return PREFIX + randomBytes(24).toString("base64url");
}

export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export interface MemorySecretStoreOptions {
  /** Live secrets that are kept; one more is refused. Default: 100,000. */
  readonly maxSecrets?: number;
}

const SWEEP_EVERY_MS = 30_000;

/** Keeps the secrets of one process. They are forgotten when it ends. */
export function memorySecretStore({ maxSecrets = 100_000 }: MemorySecretStoreOptions = {}): SecretStore {
  const secrets = new Map<string, StoredSecret>();
  let sweepAt = 0;
  const sweep = (now: number): void => {
    sweepAt = now + SWEEP_EVERY_MS;
    for (const [hash, secret] of secrets) if (secret.expiresAt <= now) secrets.delete(hash);
  };
  return {
    save: (secret) => {
      const now = Date.now();
      if (now >= sweepAt || secrets.size >= maxSecrets) sweep(now);
      if (secrets.size >= maxSecrets) throw refusals.tooManySecrets();
      secrets.set(secret.hash, secret);
    },
    find: (hash) => secrets.get(hash),
    use: (hash) => secrets.delete(hash),
  };
}
