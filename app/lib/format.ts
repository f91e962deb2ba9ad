/** Figures and times as people read them. */
import type { AssistantTurn, Latency } from "./playground/conversation-types";

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

const COUNT = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `12,480`. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** `12.5K`. */
export function compact(value: number): string {
  return COMPACT.format(value);
}

/** From millionths of the currency: `$0.0042`, `$12.30`. */
export function money(micros: number, currency = "USD"): string {
  const value = micros / 1_000_000;
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `3:07`, `1:02:45`. */
export function length(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `12 Mar, 14:05`, in the reader's own words. */
export function moment(at: Date): string {
  return at.toLocaleString(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** `in 3 days`, `5 minutes ago`. */
export function relative(at: Date, now = Date.now()): string {
  const seconds = Math.round((at.getTime() - now) / 1000);
  const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return "just now";
}
