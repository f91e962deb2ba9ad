/** The raw events, as they went over the wire, within bounded memory. Pure. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";

export type WireEvent = ClientEvent | ServerEvent;

export interface LogEntry {
  readonly id: number;
  readonly direction: "sent" | "received";
  readonly type: string;
  /** Milliseconds since the epoch, of the first and of the last event. */
  readonly at: number;
  readonly lastAt: number;
  /** How many events of a stream of deltas stand here as one. */
  readonly count: number;
  /** Characters of JSON, all events together. */
  readonly size: number;
  /** The last event, with long audio left out. */
  readonly event: unknown;
  /** The words of all its deltas together; undefined when they are not words. */
  readonly words: string | undefined;
}

export interface EventLog {
  readonly entries: readonly LogEntry[];
  /** How many entries were dropped to make room. */
  readonly dropped: number;
  readonly nextId: number;
}

export interface LoggedEvent {
  readonly direction: LogEntry["direction"];
  readonly event: WireEvent;
  readonly at: number;
  /** Characters of JSON. */
  readonly size: number;
}

const MAX_ENTRIES = 500;
const MAX_WORDS = 4000;
const LONG_TEXT = 2000;
const AUDIO_FIELDS = new Set(["audio", "delta"]);
/** A delta joins the last entry of its stream within so many. */
const COLLAPSE_WITHIN = 40;

export const emptyLog: EventLog = { entries: [], dropped: 0, nextId: 1 };

export function appendToLog(log: EventLog, logged: LoggedEvent): EventLog {
  const joined = joinDeltas(log, logged);
  if (joined !== undefined) return joined;
  const { direction, event, at, size } = logged;
  const entry: LogEntry = {
    id: log.nextId,
    direction,
    type: event.type,
    at,
    lastAt: at,
    count: 1,
    size,
    event: withoutAudio(event),
    words: wordsOf(event),
  };
  const entries = [...log.entries, entry];
  const surplus = Math.max(0, entries.length - MAX_ENTRIES);
  return { entries: entries.slice(surplus), dropped: log.dropped + surplus, nextId: log.nextId + 1 };
}

export function clearLog(log: EventLog): EventLog {
  return { ...emptyLog, nextId: log.nextId };
}

/** Entries whose type or content contains `query`, whatever its case. */
export function filterLog(entries: readonly LogEntry[], query: string): readonly LogEntry[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return entries;
  return entries.filter(
    ({ type, words, event }) =>
      type.toLowerCase().includes(wanted) ||
      (words?.toLowerCase().includes(wanted) ?? false) ||
      JSON.stringify(event).toLowerCase().includes(wanted),
  );
}

/** One JSON object a line, ready to be pasted into a bug report. */
export function logAsText(entries: readonly LogEntry[]): string {
  return entries
    .map(({ at, direction, count, event, words }) => {
      const collapsed = count === 1 ? {} : { count, ...(words === undefined ? {} : { words }) };
      return JSON.stringify({ at: new Date(at).toISOString(), direction, ...collapsed, event });
    })
    .join("\n");
}

function joinDeltas(log: EventLog, { direction, event, at, size }: LoggedEvent): EventLog | undefined {
  const stream = streamOf(event);
  if (stream === undefined) return undefined;
  for (let back = 1; back <= COLLAPSE_WITHIN; back++) {
    const index = log.entries.length - back;
    const entry = log.entries[index];
    if (entry === undefined) return undefined;
    const known = streamOf(entry.event as WireEvent);
    if (known === stream) {
      const words = entry.words === undefined ? undefined : (entry.words + (wordsOf(event) ?? "")).slice(0, MAX_WORDS);
      const more = { lastAt: at, count: entry.count + 1, size: entry.size + size, event: withoutAudio(event), words };
      return { ...log, entries: log.entries.with(index, { ...entry, ...more }) };
    }
    // Streams of both directions run side by side; only an event of its own direction divides one.
    if (known === undefined && entry.direction === direction) return undefined;
  }
  return undefined;
}

/** What a delta is a piece of; undefined for events that stand alone. */
function streamOf(event: WireEvent): string | undefined {
  if (event.type === "input_audio_buffer.append") return event.type;
  if (!event.type.endsWith(".delta")) return undefined;
  return "item_id" in event ? `${event.type} ${event.item_id}` : event.type;
}

function isAudio(event: WireEvent): boolean {
  return event.type === "response.output_audio.delta" || event.type === "input_audio_buffer.append";
}

function wordsOf(event: WireEvent): string | undefined {
  return "delta" in event && !isAudio(event) ? event.delta : undefined;
}

/** A copy without what only fills memory: base64 audio and very long texts. */
function withoutAudio(event: WireEvent): unknown {
  const audio = isAudio(event);
  return shorten(event, audio);
}

function shorten(value: unknown, audio: boolean, key = ""): unknown {
  if (typeof value === "string") {
    if (value.length > 64 && (key === "audio" || (audio && AUDIO_FIELDS.has(key))))
      return `<${value.length} characters of base64>`;
    return value.length > LONG_TEXT ? `${value.slice(0, LONG_TEXT)}… <${value.length} characters>` : value;
  }
  if (Array.isArray(value)) return value.map((element) => shorten(element, audio));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner, audio, name)]));
}
