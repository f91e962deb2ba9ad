import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ServerEventBody } from "../protocol/server-events";
import { TrackPlayback } from "./track-playback";
import type { SessionAudio } from "./types";

/** A track that plays when it is told to. */
class FakeTrack implements SessionAudio {
  readonly sampleRate = 24_000;
  playedMs = 0;
  waitingMs = 0;
  play(samples: Int16Array): void {
    this.waitingMs += samples.length / 24;
  }
  clear(): void {
    this.waitingMs = 0;
  }
  listen(): void {}
  pass(ms: number): void {
    const played = Math.min(ms, this.waitingMs);
    this.playedMs += played;
    this.waitingMs -= played;
  }
}

function setUp() {
  const track = new FakeTrack();
  const events: string[] = [];
  const playback = new TrackPlayback(track, (event: ServerEventBody) =>
    events.push(`${event.type.split(".")[1] ?? ""} ${"response_id" in event ? event.response_id : ""}`),
  );
  return {
    track,
    events,
    playback,
    send: (responseId: string, itemId: string, ms: number) =>
      playback.sent({ responseId, itemId, ms, bytes: Buffer.alloc(ms * 48) }),
    pass: (ms: number) => {
      track.pass(ms);
      playback.progress();
    },
  };
}

it("tells when a response begins to sound, and when all of it was heard", () => {
  const { events, playback, send, pass } = setUp();
  send("r", "i", 100);
  expect(events).toEqual([]);
  pass(20);
  expect(events).toEqual(["started r"]);
  pass(80);
  send("r", "i", 40);
  playback.ended("r");
  expect(events).toEqual(["started r"]);
  expect([playback.isAudible, playback.aheadMs]).toEqual([true, 40]);
  pass(40);
  expect(events).toEqual(["started r", "stopped r"]);
});

it("a response whose sound was out before it ended stops when it ends", () => {
  const { events, playback, send, pass } = setUp();
  send("r", "i", 20);
  pass(20);
  playback.ended("r");
  expect(events).toEqual(["started r", "stopped r"]);
});

it("cuts the item that is heard at the millisecond, and those behind it whole", () => {
  const { events, playback, send, pass } = setUp();
  send("r", "a", 100);
  send("r", "b", 100);
  send("s", "c", 100);
  pass(140);
  expect(playback.stop()).toEqual([
    { itemId: "b", heardMs: 40, wasCut: true },
    { itemId: "c", heardMs: 0, wasCut: true },
  ]);
  expect(events).toEqual(["started r", "cleared r", "cleared s"]);
  expect(playback.stop()).toEqual([]);
  send("t", "d", 60);
  pass(20);
  expect(playback.stop()).toEqual([{ itemId: "d", heardMs: 20, wasCut: true }]);
});

it("an item that goes on after silence is counted as one", () => {
  const { playback, send, pass } = setUp();
  send("r", "a", 60);
  pass(60);
  send("q", "x", 40);
  send("r", "a", 60);
  pass(70);
  expect(playback.stop()).toContainEqual({ itemId: "a", heardMs: 90, wasCut: true });
});

it("properties: started once, then stopped or cleared once; never more heard than sent", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("send" as const), response: fc.nat(3), ms: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ do: fc.constant("end" as const), response: fc.nat(3) }),
    fc.record({ do: fc.constant("stop" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { events, playback, send, pass } = setUp();
      const sent = new Map<string, number>();
      const generation = [0, 0, 0, 0];
      const name = (response: number): string => `${response}.${generation[response] ?? 0}`;
      for (const each of steps) {
        if (each.do === "pass") pass(each.ms);
        if (each.do === "send") {
          sent.set(name(each.response), (sent.get(name(each.response)) ?? 0) + each.ms);
          send(name(each.response), name(each.response), each.ms);
        }
        if (each.do === "end") {
          playback.ended(name(each.response));
          generation[each.response]! += 1;
        }
        if (each.do === "stop") {
          for (const { itemId, heardMs } of playback.stop())
            expect(heardMs).toBeLessThanOrEqual((sent.get(itemId) ?? 0) + 0.01);
          generation.forEach((_, index) => (generation[index]! += 1));
        }
      }
      for (const id of sent.keys()) {
        const own = events.filter((event) => event.endsWith(` ${id}`)).map((event) => event.split(" ")[0]);
        expect(["", "started", "cleared", "started,stopped", "started,cleared"]).toContain(own.join());
      }
    }),
    { numRuns: 300 },
  );
});
