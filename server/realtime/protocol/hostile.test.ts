import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseClientEvent } from "./client-events";
import { accepted, create, refusal, update, validClientEvents } from "./client-events.samples";
import { checkServerEvent } from "./server-events";

describe("hostile events", () => {
  it.each([
    ['{"type":"session.update","session":{"type":"realtime","__proto__":{"a":1}}}', "session.__proto__"],
    ['{"type":"session.update","session":{"type":"realtime","constructor":{"a":1}}}', "session.constructor"],
    [
      '{"type":"session.update","session":{"type":"realtime","tracing":{"metadata":{"__proto__":1}}}}',
      "session.tracing.metadata.__proto__",
    ],
    [
      '{"type":"session.update","session":{"type":"realtime","tools":[{"name":"f","parameters":{"__proto__":{}}}]}}',
      "session.tools[0].parameters.__proto__",
    ],
    ['{"type":"response.create","response":{"metadata":{"__proto__":"x"}}}', "response.metadata.__proto__"],
    ['{"__proto__":{"type":"response.create"}}', "__proto__"],
  ])("__proto__ keys: %s", (text, param) => {
    expect(refusal(JSON.parse(text))).toMatchObject({ code: "unknown_parameter", param });
    expect(Object.prototype).not.toHaveProperty("a");
  });

  it("lets a tool have an argument that is called constructor", () => {
    const parameters = { type: "object", properties: { constructor: { type: "string" } } };
    expect(accepted(update({ tools: [{ type: "function", name: "f1", parameters }] }))).toBeDefined();
  });

  it("deep nesting is refused, whatever the place, and what is accepted can be written again", () => {
    const nest = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    for (const levels of [97, 5_000]) {
      const tool = { name: "f", parameters: { deep: nest(levels) } };
      expect(refusal(update({ tools: [tool] }))).toMatchObject({ code: "invalid_event", param: null });
    }
    const event = accepted(update({ tools: [{ name: "f", parameters: { deep: nest(90) } }] }));
    expect(JSON.stringify(event)).toContain("[[[");
  });

  it("property: huge numbers never pass where a bound is written", () => {
    const huge = fc.oneof(fc.double({ min: 1e16 }), fc.double({ max: -1e16 }), fc.constant(Infinity));
    fc.assert(
      fc.property(huge, (value) => {
        const truncate = { type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: value };
        expect(refusal(truncate).param).toBe("audio_end_ms");
        expect(refusal(create({ max_output_tokens: value })).param).toBe("response.max_output_tokens");
      }),
    );
  });

  it("property: error event structure: whatever comes, the answer is a well-formed error with the client's event id", () => {
    const junk = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.object({ withNullPrototype: false }));
    const event = fc.constantFrom(...validClientEvents).chain((base) =>
      fc.record({ key: fc.constantFrom(...Object.keys(base), "extra"), value: junk }).map(({ key, value }) => ({
        ...structuredClone(base),
        event_id: "mine",
        [key]: value,
      })),
    );
    fc.assert(
      fc.property(fc.oneof(junk, event), (value) => {
        const parsed = parseClientEvent(value);
        if (parsed.ok) return;
        const body = parsed.error.toBody(parsed.eventId);
        expect(checkServerEvent({ type: "error", event_id: "event_1", error: body })).toBeNull();
        expect(body.message).not.toMatch(/undefined|Invalid input|\[object/);
        expect(JSON.stringify(body).length).toBeLessThan(5_000);
        if (typeof value === "object" && value !== null && "event_id" in value && value.event_id === "mine") {
          expect(body.event_id).toBe("mine");
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("property: error event structure: an unknown field is named by its whole path, in every object of every event", () => {
    const objects = (value: unknown, path: (string | number)[] = []): (string | number)[][] => {
      if (Array.isArray(value)) return value.flatMap((entry, index) => objects(entry, [...path, index]));
      if (typeof value !== "object" || value === null) return [];
      const inner = Object.entries(value).flatMap(([key, entry]) => objects(entry, [...path, key]));
      const free = path.at(-1) === "metadata" || path.at(-1) === "parameters";
      return free ? inner : [path, ...inner];
    };
    const place = fc.constantFrom(
      ...validClientEvents.flatMap((event) => objects(event).map((path) => ({ event, path }))),
    );
    fc.assert(
      fc.property(place, ({ event, path }) => {
        const spoiled = structuredClone(event);
        let target: unknown = spoiled;
        for (const step of path) target = Reflect.get(Object(target), step);
        Object(target).surprise = 1;
        const name = [...path, "surprise"].reduce<string>(
          (text, step) => text + (typeof step === "number" ? `[${step}]` : (text && ".") + step),
          "",
        );
        expect(refusal(spoiled)).toMatchObject({ code: "unknown_parameter", param: name });
      }),
    );
  });
});
