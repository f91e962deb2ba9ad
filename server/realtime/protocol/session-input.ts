/** Joins two session configurations that are themselves only wishes: a key's own, and the one asked for with a secret. */
import type { RealtimeConfigInput, SessionConfigInput } from "./session-config";

/** Settings of one kind of turn detection, or of one format, mean nothing to another. */
const WITH_KINDS: ReadonlySet<string> = new Set(["turn_detection", "format"]);

/**
 * `patch` over `base`, so that both in one give the same session as one `session.update` after the other. A base for
 * another kind of session means nothing.
 */
export function mergeSessionInput(base: SessionConfigInput | undefined, patch: SessionConfigInput): SessionConfigInput {
  if (base?.type === "realtime" && patch.type === "realtime") return mergeRealtimeInput(base, patch);
  if (base?.type === "transcription" && patch.type === "transcription") return mergeOthers(base, patch);
  if (base?.type === "translation" && patch.type === "translation") return mergeOthers(base, patch);
  return patch;
}

function mergeOthers<T extends SessionConfigInput>(base: T, patch: T): T {
  return { ...base, ...withoutUndefined(patch), audio: overlay(base.audio, patch.audio) };
}

function mergeRealtimeInput(base: RealtimeConfigInput, patch: RealtimeConfigInput): RealtimeConfigInput {
  return {
    ...base,
    ...withoutUndefined(patch),
    audio: overlay(base.audio, patch.audio),
    reasoning: overlay(base.reasoning, patch.reasoning),
    truncation: overlay(base.truncation, patch.truncation),
    tracing: overlayFlat(base.tracing, patch.tracing),
  };
}

/** At every level the fields that `patch` names; arrays and what is of another kind are replaced, null is kept. */
function overlay<T>(base: T, patch: T): T {
  if (patch === undefined) return base;
  if (!isObject(base) || !isObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    merged[key] = WITH_KINDS.has(key) && differentKind(merged[key], value) ? value : overlay(merged[key], value);
  }
  return { ...patch, ...merged };
}

function overlayFlat<T>(base: T, patch: T): T {
  if (patch === undefined) return base;
  return isObject(base) && isObject(patch) ? { ...base, ...withoutUndefined(patch) } : patch;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function differentKind(base: unknown, patch: unknown): boolean {
  return isObject(base) && isObject(patch) && base["type"] !== patch["type"];
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<T>;
}
