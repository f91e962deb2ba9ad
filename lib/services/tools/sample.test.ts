import { describe, expect, it } from "vitest";
import { compileSchema } from "../../../server/realtime/tools/json-schema";
import { sampleArguments } from "./sample";

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

describe("sample arguments", () => {
  it.each([
    [
      "plain types",
      object({ a: { type: "string" }, b: { type: "integer" }, c: { type: "boolean" }, d: { type: "null" } }),
    ],
    [
      "bounds",
      object({ a: { type: "integer", minimum: 18, maximum: 20 }, b: { type: "number", exclusiveMaximum: 0 } }),
    ],
    ["open bounds", object({ a: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 } })],
    ["steps", object({ a: { type: "integer", minimum: 7, multipleOf: 5 } })],
    ["lengths", object({ a: { type: "string", minLength: 12 }, b: { type: "string", maxLength: 3 } })],
    ["choices", object({ a: { enum: ["left", "right"] }, b: { const: 4 }, c: { type: ["null", "string"] } })],
    [
      "lists",
      object({ a: { type: "array", minItems: 3, items: { type: "number" } }, b: { items: { type: "string" } } }),
    ],
    ["pairs", object({ a: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], minItems: 2 } })],
    ["objects in objects", object({ a: object({ b: object({ c: { type: "string" } }) }) })],
    ["alternatives", object({ a: { oneOf: [object({ x: { type: "number" } }), { type: "string" }] } })],
    [
      "all of several",
      {
        type: "object",
        allOf: [object({ a: { type: "string" } }, { additionalProperties: true })],
        properties: { b: { type: "number" } },
        required: ["a", "b"],
      },
    ],
    [
      "references",
      object({ a: { $ref: "#/$defs/city~1town" } }, { $defs: { "city/town": object({ name: { type: "string" } }) } }),
    ],
    [
      "a schema within itself",
      { $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } }, $ref: "#/$defs/node" },
    ],
    ["nothing at all", {}],
  ])("fit %s", (_name, schema) => {
    expect(compileSchema(schema)(sampleArguments(schema))).toBeUndefined();
  });

  it("take the schema's own words first", () => {
    const schema = object({
      a: { type: "string", default: "Oslo" },
      b: { type: "string", examples: ["Bern"] },
      c: { type: "string", format: "email" },
    });
    expect(sampleArguments(schema)).toEqual({ a: "Oslo", b: "Bern", c: "ada@example.com" });
  });
});
