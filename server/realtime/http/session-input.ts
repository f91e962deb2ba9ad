/** Joins two session configurations that are themselves only wishes: a key's own, and the one asked for with a secret. */
import type { SessionConfigInput } from "../protocol/session-config";

type Audio = SessionConfigInput["audio"];

/** `patch` over `base`, by the rules of `session.update`: siblings stay, arrays and other types replace, null is kept. */
export function mergeSessionInput(base: SessionConfigInput | undefined, patch: SessionConfigInput): SessionConfigInput {
  if (!base) return patch;
  const audio: Audio = overlay(base.audio, patch.audio);
  return { ...base, ...withoutUndefined(patch), ...(audio === undefined ? {} : { audio }) };
}

function overlay<T>(base: T, patch: T): T {
  if (patch === undefined) return base;
  if (!isObject(base) || !isObject(patch) || differentType(base, patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) merged[key] = overlay(merged[key], value);
  return { ...patch, ...merged };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Settings of one kind of turn detection, or of one format, mean nothing to another. */
function differentType(base: Record<string, unknown>, patch: Record<string, unknown>): boolean {
  return patch["type"] !== undefined && base["type"] !== undefined && base["type"] !== patch["type"];
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<T>;
}
