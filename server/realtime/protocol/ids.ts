/** Ids of everything a session names: a prefix that tells what it is, then 126 bits of chance. */
import { randomFillSync } from "node:crypto";

export type IdPrefix = "sess" | "conv" | "item" | "resp" | "call" | "event" | "rtc";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const RANDOM_LENGTH = 21;

// Asking the system for random bytes costs far more than using them: one call serves 195 ids.
const pool = new Uint8Array(4096);
let used = pool.length;

/** For example `item_kX3…`: at most 27 characters, url-safe, unique for all practical purposes. */
export function newId(prefix: IdPrefix): string {
  if (used + RANDOM_LENGTH > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let id = `${prefix}_`;
  for (const end = used + RANDOM_LENGTH; used < end; used++) id += ALPHABET.charAt((pool[used] ?? 0) & 63);
  return id;
}
