import { describe, expect, it } from "vitest";
import { appendToLog, clearLog, emptyLog, type EventLog, filterLog, logAsText, type WireEvent } from "./event-log";

const inPart = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
const word = (delta: string, item = "item_1"): WireEvent => ({
  type: "response.output_audio_transcript.delta",
  event_id: "event_1",
  ...inPart,
  item_id: item,
  delta,
});
const sound: WireEvent = {
  type: "response.output_audio.delta",
  event_id: "event_2",
  ...inPart,
  delta: "A".repeat(6400),
};
const done: WireEvent = { type: "response.output_audio.done", event_id: "event_3", ...inPart };
const append: WireEvent = { type: "input_audio_buffer.append", audio: "A".repeat(2560) };
const commit: WireEvent = { type: "input_audio_buffer.commit" };

function logOf(...events: readonly WireEvent[]): EventLog {
  return events.reduce((log, event, i) => {
    const direction = event.type.startsWith("input_") ? "sent" : "received";
    return appendToLog(log, { direction, event, at: 1000 + i, size: JSON.stringify(event).length });
  }, emptyLog);
}
const rows = (log: EventLog) => log.entries.map(({ type, count }) => [type, count]);

describe("event log", () => {
  it("makes one line of each stream of deltas, though words and audio come interleaved", () => {
    const log = logOf(word("Good "), sound, sound, word("morning"), sound, sound);
    expect(rows(log)).toEqual([
      ["response.output_audio_transcript.delta", 2],
      ["response.output_audio.delta", 4],
    ]);
    expect(log.entries[0]).toMatchObject({ words: "Good morning", at: 1000, lastAt: 1003 });
  });

  it("begins a new line after another event, and for another item", () => {
    expect(rows(logOf(append, append, commit, append))).toEqual([
      ["input_audio_buffer.append", 2],
      ["input_audio_buffer.commit", 1],
      ["input_audio_buffer.append", 1],
    ]);
    expect(logOf(word("a"), word("b", "item_2")).entries).toHaveLength(2);
    expect(rows(logOf(word("a"), done, word("b")))).toHaveLength(3);
  });

  it("keeps the microphone on one line while the server speaks", () => {
    expect(rows(logOf(append, done, append, word("a"), append))).toEqual([
      ["input_audio_buffer.append", 3],
      ["response.output_audio.done", 1],
      ["response.output_audio_transcript.delta", 1],
    ]);
  });

  it("keeps sizes but not the audio", () => {
    const [entry] = logOf(sound, sound).entries;
    expect(entry?.size).toBeGreaterThan(12_800);
    expect(JSON.stringify(entry?.event)).toContain("<6400 characters of base64>");
    const item = {
      object: "realtime.item",
      id: "item_1",
      status: "completed",
      type: "message",
      role: "assistant",
    } as const;
    const retrieved: WireEvent = {
      type: "conversation.item.retrieved",
      event_id: "event_3",
      item: { ...item, content: [{ type: "output_audio", transcript: "Hello.", audio: "B".repeat(50_000) }] },
    };
    const text = logAsText(logOf(retrieved).entries);
    expect(text).toContain("<50000 characters of base64>");
    expect(text).toContain("Hello.");
    expect(text.length).toBeLessThan(500);
  });

  it("stays bounded, and counts what it let go", () => {
    let log = emptyLog;
    for (let i = 0; i < 620; i++) log = appendToLog(log, { direction: "sent", event: commit, at: i, size: 1 });
    expect(log.entries).toHaveLength(500);
    expect(log.dropped).toBe(120);
    expect(log.entries[0]?.at).toBe(120);
    expect(
      logOf(...Array.from({ length: 2000 }, () => word("endless "))).entries[0]?.words?.length,
    ).toBeLessThanOrEqual(4000);
  });

  it("never gives an id twice, so that an opened line stays open", () => {
    const log = appendToLog(clearLog(logOf(commit, commit)), { direction: "sent", event: commit, at: 0, size: 1 });
    expect(log.entries.map(({ id }) => id)).toEqual([3]);
  });

  it("filters by type, content and the words of deltas, whatever the case", () => {
    const { entries } = logOf(word("Good "), word("morning"), commit, sound);
    const types = (query: string) => filterLog(entries, query).map(({ type }) => type);
    expect(types(" COMMIT ")).toEqual(["input_audio_buffer.commit"]);
    expect(types("good morning")).toEqual(["response.output_audio_transcript.delta"]);
    expect(types("item_1")).toHaveLength(2);
    expect(types("nothing like it")).toEqual([]);
    expect(types("")).toHaveLength(3);
  });

  it("copies as one JSON object a line", () => {
    const lines = logAsText(logOf(word("Hi"), word(" there"), commit).entries).split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ direction: "received", count: 2, words: "Hi there" }),
      { at: "1970-01-01T00:00:01.002Z", direction: "sent", event: commit },
    ]);
  });
});
