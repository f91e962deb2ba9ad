import { describe, expect, it } from "vitest";
import type { SessionObservation } from "../realtime/observers/types";
import { SpeechTimes } from "./speech-times";

const event = (at: number, body: object): SessionObservation => ({ type: "server-event", at, event: body as never });
/** `ms` of PCM at 24 kHz that end at `at`. */
const input = (at: number, ms = 20): SessionObservation => ({
  type: "input-audio",
  at,
  audio: Buffer.alloc(ms * 48),
  format: "audio/pcm",
  sampleRate: 24_000,
});
/** `ms` of PCM at 24 kHz. */
const delta = (at: number, item_id: string, ms: number) =>
  event(at, { type: "response.output_audio.delta", item_id, delta: Buffer.alloc(ms * 48).toString("base64") });
const done = (at: number, status: string) => event(at, { type: "response.done", response: { status } });

function timesOf(...observations: SessionObservation[]) {
  const times = new SpeechTimes();
  const cut = observations.flatMap((observation) => times.observe(observation));
  return { of: (id: string) => times.of(id), cut };
}

describe("the user's items", () => {
  it("were said while the detector heard speech, wherever pauses of the client were", () => {
    const { of } = timesOf(
      input(1_000, 1_000),
      input(6_000, 1_000),
      event(6_300, { type: "input_audio_buffer.speech_started", item_id: "a", audio_start_ms: 1_200 }),
      input(7_000, 1_000),
      event(7_010, { type: "input_audio_buffer.speech_stopped", item_id: "a", audio_end_ms: 2_900 }),
      event(7_010, { type: "input_audio_buffer.committed", item_id: "a" }),
    );
    expect(of("a")).toEqual({ saidFromMs: 5_200, saidToMs: 6_900 });
  });

  it("were said since the last of them, where the client itself ends them", () => {
    const { of } = timesOf(
      input(400),
      input(900),
      event(1_000, { type: "input_audio_buffer.committed", item_id: "a" }),
      input(2_000),
      event(2_100, { type: "input_audio_buffer.cleared" }),
      input(5_000),
      event(6_000, { type: "input_audio_buffer.committed", item_id: "b" }),
      event(6_001, { type: "input_audio_buffer.committed", item_id: "c" }),
    );
    expect([of("a"), of("b"), of("c")]).toEqual([
      { saidFromMs: 380, saidToMs: 900 },
      { saidFromMs: 4_980, saidToMs: 5_000 },
      undefined,
    ]);
  });

  it("come before their answer, however fast they were sent", () => {
    const { of } = timesOf(
      input(5, 3_000),
      event(10, { type: "input_audio_buffer.committed", item_id: "a" }),
      delta(210, "b", 1_000),
    );
    expect([of("a"), of("b")]).toEqual([
      { saidFromMs: 0, saidToMs: 3_000 },
      { saidFromMs: 3_205, saidToMs: 4_205 },
    ]);
  });
});

describe("the assistant's items", () => {
  it("are heard one after the other, at the pace of speech", () => {
    const { of, cut } = timesOf(
      delta(100, "a", 1_000),
      delta(110, "a", 500),
      delta(200, "b", 300),
      done(210, "completed"),
    );
    expect([of("a"), of("b"), cut]).toEqual([
      { saidFromMs: 100, saidToMs: 1_600 },
      { saidFromMs: 1_600, saidToMs: 1_900 },
      [],
    ]);
  });

  it.each([
    ["an interruption", done(900, "cancelled")],
    ["a truncation", event(900, { type: "conversation.item.truncated", item_id: "a", audio_end_ms: 700 })],
    ["the end of the session", { type: "ended", at: 900, code: 1000, reason: "" } as const],
  ])("end with %s, and what was not heard yet was not said", (_, ending) => {
    const { of, cut } = timesOf(delta(100, "a", 1_000), delta(110, "b", 500), ending);
    expect([of("a"), of("b"), cut]).toEqual([{ saidFromMs: 100, saidToMs: 900 }, undefined, ["a", "b"]]);
  });

  it("are measured in the session's format, and on a call by its track", () => {
    const format = { type: "audio/pcmu" };
    const { of } = timesOf(
      event(0, { type: "session.updated", session: { audio: { output: { format } } } }),
      event(100, { type: "response.output_audio.delta", item_id: "a", delta: Buffer.alloc(8_000).toString("base64") }),
      { type: "output-audio", at: 2_000, responseId: "r", itemId: "b", audio: Buffer.alloc(48) },
    );
    expect([of("a"), of("b")]).toEqual([
      { saidFromMs: 100, saidToMs: 1_100 },
      { saidFromMs: 2_000, saidToMs: 2_001 },
    ]);
  });

  it("says nothing of what was only written", () => {
    expect(timesOf(event(5, { type: "conversation.item.added", item: { id: "a" } })).of("a")).toBeUndefined();
  });
});
