import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAudioDelta } from "./audio-delta-frame";
import { readWireEvent } from "./wire-event";

const event = {
  type: "response.output_audio.delta",
  event_id: "event_1",
  response_id: "resp_1",
  item_id: "item_1",
  output_index: 0,
  content_index: 12,
  delta: "AAAA",
};
const read = (text: string) => readAudioDelta(Buffer.from(text))?.toEvent();

describe("readAudioDelta", () => {
  it("reads what servers write", () => {
    expect(read(JSON.stringify(event))).toEqual(event);
    expect(read(JSON.stringify(event, null, 2))).toEqual(event);
    const { type, delta, ...rest } = event;
    expect(read(JSON.stringify({ delta, ...rest, type, obfuscation: "xyz" }))).toEqual(event);
  });

  it.each([
    JSON.stringify({ ...event, type: "response.output_text.delta" }),
    JSON.stringify({ ...event, delta: 'a"b' }),
    JSON.stringify({ ...event, extra: { a: 1 } }),
    JSON.stringify({ ...event, extra: null }),
    JSON.stringify({ type: event.type, delta: "AAAA" }),
    `${JSON.stringify(event)}x`,
    JSON.stringify(event).slice(0, -1),
    JSON.stringify(event).replace("{", '{"type":"x",'),
    '{"type":"response.output_text.delta","delta":"\\"type\\":\\"response.output_audio.delta\\""}',
    "",
    "{",
    "[]",
  ])("leaves %s to the slow way", (text) => expect(read(text)).toBeUndefined());

  it("says nothing else than JSON.parse, whatever the frame", () => {
    const name = fc.constantFrom(...Object.keys(event), "obfuscation");
    const value = fc.oneof(fc.string(), fc.nat(), fc.constantFrom(...Object.values(event)), fc.jsonValue());
    const space = fc.constantFrom("", " ", "\n", "\t ");
    const frame = fc
      .tuple(fc.array(fc.tuple(name, value, space), { maxLength: 8 }), fc.boolean(), space)
      .map(([fields, whole, end]) => {
        const all = whole ? [...Object.entries(event).map(([key, own]) => [key, own, ""] as const), ...fields] : fields;
        const body = all.map(([key, own, gap]) => `${gap}"${key}"${gap}:${gap}${JSON.stringify(own)}${gap}`);
        return `{${body.join(",")}}${end}`;
      });
    fc.assert(
      fc.property(frame, (text) => {
        const fast = read(text);
        if (fast === undefined) return;
        const { obfuscation: _unused, ...slow } = JSON.parse(text) as Record<string, unknown>;
        expect({ ...fast }).toMatchObject(slow);
      }),
      { numRuns: 500 },
    );
  });
});

describe("readWireEvent", () => {
  it("parses all else, and knows what is no event", () => {
    expect(readWireEvent(Buffer.from('{"type":"x","a":[1]}'))).toMatchObject({ audio: undefined, event: { a: [1] } });
    expect(readWireEvent(Buffer.from(JSON.stringify(event)))).toMatchObject({ audio: { responseId: "resp_1" }, event });
    for (const text of ["", "null", "[]", '{"type":1}', "{nonsense", `${"[".repeat(70_000)}`])
      expect(readWireEvent(Buffer.from(text))).toBeUndefined();
  });
});
