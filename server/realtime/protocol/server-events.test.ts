import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeEvent } from "./codec";
import { checkServerEvent } from "./server-events";
import type { ServerEvent } from "./server-events";
import { callItem, serverEventSamples as samples } from "./server-events.samples";

/** Every object inside of `value`, itself included, with its path. */
function objectsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, entry]) => objectsIn(entry, [...path, key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function at(root: unknown, path: readonly string[]): Record<string, unknown> {
  let value: unknown = root;
  for (const step of path) value = Reflect.get(Object(value), step);
  return Object(value);
}

const sample = fc.constantFrom(...samples);
const spoiled = sample.chain((event) =>
  fc.constantFrom(...objectsIn(event)).map((path) => ({ event: structuredClone(event), path })),
);
/** Free-form objects, which may hold any key. */
const isFree = (path: readonly string[]): boolean => path.at(-1) === "metadata";

describe("event structure", () => {
  it("covers every official server event", () => {
    expect(samples).toHaveLength(50);
  });

  it.each(samples.map((event) => [event["type"], event]))("%s as we send it passes", (_type, event) => {
    expect(checkServerEvent(event)).toBeNull();
  });

  it("property: event structure: a field of the wrong kind, at any depth, is complained of", () => {
    const wrong = spoiled.chain(({ event, path }) => {
      const keys = Object.keys(at(event, path));
      return keys.length === 0 ? fc.constant(undefined) : fc.constantFrom(...keys).map((key) => ({ event, path, key }));
    });
    fc.assert(
      fc.property(wrong, (found) => {
        fc.pre(found !== undefined);
        at(found.event, found.path)[found.key] = Symbol.iterator;
        expect(checkServerEvent(found.event)).not.toBeNull();
      }),
    );
  });

  it("property: event structure: a field that nobody knows, at any depth, is complained of", () => {
    fc.assert(
      fc.property(spoiled, ({ event, path }) => {
        fc.pre(!isFree(path));
        at(event, path)["surprise"] = 1;
        expect(checkServerEvent(event)).toContain("surprise");
      }),
    );
  });

  it("property: event structure: what is written can be read back unchanged", () => {
    fc.assert(
      fc.property(sample, fc.base64String(), fc.string(), (event, delta, text) => {
        const changed = { ...event, ...("delta" in event ? { delta } : {}), ...("text" in event ? { text } : {}) };
        expect(JSON.parse(encodeEvent(changed as unknown as ServerEvent))).toEqual(changed);
      }),
    );
  });

  it.each([
    ["no event id", { type: "input_audio_buffer.cleared" }],
    ["speech_started without item_id", { type: "input_audio_buffer.speech_started", event_id: "e", audio_start_ms: 1 }],
    ["an unknown type", { type: "response.text.delta", event_id: "e" }],
    ["no object", null],
    [
      "an item without its status",
      { type: "conversation.item.retrieved", event_id: "e", item: { ...callItem, status: undefined } },
    ],
  ])("complains of %s", (_what, event) => {
    expect(checkServerEvent(event)).toEqual(expect.any(String));
  });
});
