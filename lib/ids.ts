/** Ids of everything that the database keeps: a prefix that tells what it is, then 124 bits of chance. */
import { randomBytes } from "node:crypto";

export const ID_PREFIXES = {
  user: "user",
  account: "acct",
  loginToken: "ltok",
  organisation: "org",
  invite: "inv",
  apiKey: "key",
  agent: "agent",
  agentVersion: "agv",
  tool: "tool",
  recording: "rec",
  gap: "gap",
  limit: "lim",
  budget: "bud",
  audit: "aud",
  webhook: "wh",
  delivery: "whd",
  message: "msg",
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 21;

/** For example `agent_kX3…`: url-safe, unique for all practical purposes. */
export function newId(kind: IdKind): string {
  let text = "";
  // Bytes from 248 on would make the first letters likelier than the others.
  while (text.length < LENGTH) for (const byte of randomBytes(LENGTH)) if (byte < 248) text += ALPHABET[byte % 62];
  return `${ID_PREFIXES[kind]}_${text.slice(0, LENGTH)}`;
}
