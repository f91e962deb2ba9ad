/** Figures and times as people read them. */
import type { AssistantTurn, Latency } from "./conversation-types";

/** `820 ms`, `1.4 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `03:07.250`: minutes, seconds, milliseconds; nobody reads a log for its hours. */
export function clock(at: number): string {
  const date = new Date(at);
  const padded = (value: number, length: number): string => String(value).padStart(length, "0");
  return `${padded(date.getMinutes(), 2)}:${padded(date.getSeconds(), 2)}.${padded(date.getMilliseconds(), 3)}`;
}

/** `812 B`, `3.4 kB`. */
export function size(characters: number): string {
  return characters < 1000 ? `${characters} B` : `${(characters / 1000).toFixed(1)} kB`;
}

export function latencyHint({ totalMs, silenceMs }: Latency): string {
  const reply = "until the reply began";
  if (silenceMs === 0) return `${duration(totalMs)} ${reply}`;
  return `${duration(totalMs)} from the end of your speech ${reply}, of which turn detection waited ${duration(silenceMs)} for more`;
}

/** The middle of the latencies of a conversation; undefined before the first one. */
export function medianLatency(turns: readonly { readonly latency?: Latency | undefined }[]): number | undefined {
  const all = turns.flatMap(({ latency }) => (latency === undefined ? [] : [latency.totalMs])).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)];
}

/** What stands below a reply that ended early. */
export function replyEnding({ status, heardMs, audioMs, problem }: AssistantTurn): string | undefined {
  switch (status) {
    case "interrupted":
      if (heardMs === undefined || audioMs === 0) return "Interrupted";
      return heardMs === 0 ? "Interrupted before it was heard" : `Interrupted after ${duration(heardMs)}`;
    case "incomplete":
      return problem ?? "The reply is incomplete.";
    case "failed":
    case "thinking":
    case "streaming":
    case "done":
      return undefined;
    default:
      return status satisfies never;
  }
}
