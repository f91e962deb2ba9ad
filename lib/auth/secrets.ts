/** Secrets that are shown once and kept as hashes. They have 256 random bits, so the hash needs no salt. */
import { createHash, randomBytes } from "node:crypto";

export function newSecret(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export const API_KEY_PREFIX = "sk-ap-";

/** Enough to recognise a key in a list, too little to guess it. */
export function keyHint(key: string): string {
  return `${key.slice(0, API_KEY_PREFIX.length + 4)}…${key.slice(-4)}`;
}
