import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_AUDIO_BYTES, readAppendFrame } from "./append-frame";
import { decodeFrame, decodeFrameSlowly, encodeEvent } from "./codec";
import type { Decoded } from "./codec";
import type { ServerEventOf } from "./server-events";
import { MAX_VALUES } from "./structure";

const text = (value: string): Decoded => decodeFrame(Buffer.from(value), false);
const json = (value: unknown): Decoded => text(JSON.stringify(value));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** What matters of a result, in a form that can be compared. */
function essence(result: Decoded): unknown {
  if (result.kind === "error") return ["error", result.error.toBody(result.eventId)];
  return result.kind === "append" ? ["append", result.audio.toString("hex"), result.eventId] : ["event", result.event];
}

// ---------------------------------------------------------------- append frames, as clients write them

const space = fc.constantFrom("", "", "", " ", "\n", "\t ");
const plainId = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const audioBytes = fc.uint8Array({ maxLength: 300 });

/** An append event in any order of its fields, with any white space, with or without an event id. */
const appendText = fc
  .record({
    audio: audioBytes,
    id: fc.option(plainId),
    order: fc.shuffledSubarray(["type", "audio", "event_id"], { minLength: 3 }),
    spaces: fc.array(space, { minLength: 16, maxLength: 16 }),
  })
  .map(({ audio, id, order, spaces }) => {
    let next = 0;
    const gap = (): string => spaces[next++] ?? "";
    const values: Record<string, string | null> = {
      type: "input_audio_buffer.append",
      audio: base64(audio),
      event_id: id,
    };
    const fields = order.flatMap((key) => {
      const value = values[key];
      return typeof value === "string" ? [`${gap()}"${key}"${gap()}:${gap()}"${value}"${gap()}`] : [];
    });
    return { audio, id, frame: `${gap()}{${fields.join(",")}}${gap()}` };
  });

describe("decoding audio", () => {
  it.each([
    ["JavaScript", '{"type":"input_audio_buffer.append","audio":"AAEC"}', null],
    ["Python's json.dumps", '{"type": "input_audio_buffer.append", "audio": "AAEC"}', null],
    ["an event id in front", '{"event_id":"e1","type":"input_audio_buffer.append","audio":"AAEC"}', "e1"],
    ["an event id in the middle", '{"type":"input_audio_buffer.append","event_id":"e1","audio":"AAEC"}', "e1"],
    ["an event id at the end", '{"type":"input_audio_buffer.append","audio":"AAEC","event_id":"e1"}', "e1"],
    ["audio first, as pydantic models write it", '{"audio":"AAEC","type":"input_audio_buffer.append"}', null],
  ])("takes the fast way for %s", (_who, frame, eventId) => {
    const append = readAppendFrame(Buffer.from(frame));
    expect(append).toEqual({ kind: "append", audio: Buffer.from([0, 1, 2]), eventId });
    expect(text(frame)).toEqual({ kind: "append", audio: Buffer.from([0, 1, 2]), eventId });
  });

  it.each([
    ["an escaped slash", '{"type":"input_audio_buffer.append","audio":"AA\\/C"}', "000fc2"],
    ["an escaped name", '{"\\u0074ype":"input_audio_buffer.append","audio":"AAEC"}', "000102"],
    [
      "a field twice: the last one counts",
      '{"type":"input_audio_buffer.append","audio":"AAAA","audio":"AAEC"}',
      "000102",
    ],
  ])("leaves %s to JSON.parse", (_what, frame, hex) => {
    expect(readAppendFrame(Buffer.from(frame))).toBeUndefined();
    const result = text(frame);
    expect(result.kind === "append" && result.audio.toString("hex")).toBe(hex);
  });

  it("property: codec round trip: any audio, however the frame is written, comes out as it went in", () => {
    fc.assert(
      fc.property(appendText, ({ audio, id, frame }) => {
        expect(readAppendFrame(Buffer.from(frame))).toBeDefined();
        expect(text(frame)).toEqual({ kind: "append", audio: Buffer.from(audio), eventId: id });
      }),
    );
  });

  it("property: fast path ≡ slow path, on whole frames and on corrupted ones", () => {
    const interesting = fc.constantFrom(...Buffer.from('"\\{}:,=-_/+ \n\0A'), 0x80, 0xc3, 0xff);
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 3 }),
      insert: fc.array(fc.oneof(interesting, fc.nat({ max: 255 })), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(appendText, fc.array(edit, { maxLength: 3 }), ({ frame }, edits) => {
        let bytes = Buffer.from(frame);
        for (const { at, remove, insert } of edits) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(insert), bytes.subarray(place + remove)]);
        }
        expect(essence(decodeFrame(bytes, false))).toEqual(essence(decodeFrameSlowly(bytes)));
      }),
      { numRuns: 5_000 },
    );
  });

  it("property: fast path ≡ slow path, on audio that is nearly base64", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."AZaz09+/=-_ .é"), maxLength: 24 });
    fc.assert(
      fc.property(nearly, (audio) => {
        const frame = Buffer.from(`{"type":"input_audio_buffer.append","audio":"${audio}"}`);
        expect(essence(decodeFrame(frame, false))).toEqual(essence(decodeFrameSlowly(frame)));
      }),
      { numRuns: 5_000 },
    );
  });

  it("returns audio that lives on when the frame's memory is used again", () => {
    const frame = Buffer.from(
      JSON.stringify({ type: "input_audio_buffer.append", audio: base64(Buffer.alloc(960, 7)) }),
    );
    const result = decodeFrame(frame, false);
    frame.fill(0);
    expect(result).toEqual({ kind: "append", audio: Buffer.alloc(960, 7), eventId: null });
  });

  it("reads audio of every length alike: what fits the memory it uses again, and what does not", () => {
    for (const length of [0, 1, 2, 65_535, 65_536, 65_537, 200_000]) {
      const audio = Buffer.alloc(length, length);
      const read = json({ type: "input_audio_buffer.append", audio: base64(audio) });
      expect(read.kind === "append" && audio.equals(read.audio)).toBe(true);
    }
  });

  it.each(["AAA", "AAAAA", "AA=A", "A===", "====", "AA==AAAA", "AAEC\\n", "AA-_", "AA AAA==", "äöü=", "🎤"])(
    "refuses %j as audio",
    (audio) => {
      expect(text(`{"type":"input_audio_buffer.append","event_id":"mine","audio":"${audio}"}`)).toMatchObject({
        kind: "error",
        eventId: "mine",
        error: {
          code: "invalid_value",
          param: "audio",
          message: "Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value.",
        },
      });
    },
  );

  it("takes 15 MiB of audio and not one byte more", () => {
    const most = json({ type: "input_audio_buffer.append", audio: base64(Buffer.alloc(MAX_AUDIO_BYTES)) });
    expect(most.kind === "append" && most.audio.length).toBe(MAX_AUDIO_BYTES);
    const more = json({ type: "input_audio_buffer.append", audio: base64(Buffer.alloc(MAX_AUDIO_BYTES + 1)) });
    expect(more).toMatchObject({ kind: "error", error: { code: "invalid_value", param: "audio" } });
  });
});

describe("decoding everything else", () => {
  it("refuses binary frames, whatever they hold", () => {
    const frame = Buffer.from('{"type":"input_audio_buffer.append","audio":"AAEC"}');
    expect(decodeFrame(frame, true)).toMatchObject({ kind: "error", error: { code: "invalid_event", param: null } });
  });

  it.each(["", "{", '{"type":', "hello", "\u0000", '{"type":"response.create"}x'])(
    "says of %j that it is no JSON",
    (frame) => {
      const result = text(frame);
      expect(result).toMatchObject({ kind: "error", eventId: null, error: { code: "invalid_json", param: null } });
      expect(result.kind === "error" && result.error.message).toMatch(/^Invalid event: failed to parse JSON value\. ./);
    },
  );

  it("carries the event id of a bad event, so that its sender finds it", () => {
    expect(json({ type: "nope", event_id: "mine" })).toMatchObject({ kind: "error", eventId: "mine" });
    expect(json({ type: "input_audio_buffer.append", event_id: "mine" })).toMatchObject({
      kind: "error",
      eventId: "mine",
      error: { code: "missing_required_parameter", param: "audio" },
    });
  });

  it("hands on a valid event", () => {
    expect(json({ type: "response.cancel" })).toEqual({ kind: "event", event: { type: "response.cancel" } });
  });

  it.each([
    ["millions of empty objects", `[${"{},".repeat(3_000_000)}{}]`],
    ["millions of numbers in a field", `{"type":"response.create","x":[${"1,".repeat(3_000_000)}1]}`],
    ["millions of open brackets", "[".repeat(4_000_000)],
    ["a million keys", `{${'"k":1,'.repeat(1_000_000)}"type":"response.create"}`],
  ])("refuses %s before they cost seconds", (_what, frame) => {
    const bytes = Buffer.from(frame);
    const start = performance.now();
    expect(decodeFrame(bytes, false)).toMatchObject({ kind: "error", error: { code: "invalid_event" } });
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("counts values, not what stands inside of strings", () => {
    const instructions = '[{,"\\'.repeat(MAX_VALUES);
    expect(json({ type: "response.create", response: { instructions } })).toMatchObject({ kind: "event" });
  });

  it("property: never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((value) => Buffer.from(value)),
        ),
        (bytes) => {
          expect(["append", "event", "error"]).toContain(decodeFrame(Buffer.from(bytes), false).kind);
        },
      ),
    );
  });
});

describe("encoding", () => {
  it("property: codec round trip: audio deltas are written by hand and read back the same", () => {
    const delta = fc.record({
      type: fc.constant("response.output_audio.delta" as const),
      event_id: plainId,
      response_id: plainId,
      item_id: plainId,
      output_index: fc.nat(),
      content_index: fc.nat(),
      delta: fc.base64String(),
    });
    fc.assert(
      fc.property(delta, (event: ServerEventOf<"response.output_audio.delta">) => {
        expect(JSON.parse(encodeEvent(event))).toEqual(event);
      }),
    );
  });
});
