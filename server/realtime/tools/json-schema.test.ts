import { describe, expect, it } from "vitest";
import { compileSchema, SchemaError, strictProblem } from "./json-schema";

const errorOf = (schema: Record<string, unknown>): SchemaError => {
  try {
    compileSchema(schema);
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
};
const withPattern = (pattern: string) => ({ type: "object", properties: { text: { type: "string", pattern } } });

describe("schemas of strangers", () => {
  it("check arguments, and say what is wrong in words", () => {
    const check = compileSchema({
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["C", "F"] } },
      required: ["city"],
      additionalProperties: false,
    });
    expect(check({ city: "Oslo", unit: "C" })).toBeUndefined();
    expect(check({})).toMatch(/must have required property 'city'/);
    expect(check({ city: 1 })).toMatch(/city must be string/);
    expect(check({ city: "Oslo", unit: "K" })).toMatch(/unit must be equal to one of .*\["C","F"\]/);
    expect(check({ city: "Oslo", when: "now" })).toMatch(/additional properties.*"when"/);
    expect(check("Oslo")).toMatch(/must be object/);
  });

  it("know the words of 2020-12", () => {
    const check = compileSchema({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "array",
      prefixItems: [{ type: "string" }, { $ref: "#/$defs/count" }],
      items: false,
      $defs: { count: { type: "integer" } },
    });
    expect(check(["a", 1])).toBeUndefined();
    expect(check(["a", "b"])).toMatch(/must be integer/);
    expect(check(["a", 1, 2])).toBeDefined();
  });

  it.each([
    [{ type: "nonsense" }, /no JSON Schema/, ".type"],
    [{ type: "object", properties: { a: { minimum: "low" } } }, /must be number/, ".properties.a.minimum"],
    [{ properties: [] }, /must be object/, ".properties"],
    [withPattern("("), /no JSON Schema: Invalid regular expression/, ""],
    [{ $ref: "https://evil.example/schema.json" }, /'https:\/\/evil.example\/schema.json' leads out of the schema/, ""],
    [{ properties: { a: { $ref: "file:///etc/passwd" } } }, /leads out of the schema/, ""],
    [{ description: "x".repeat(70_000) }, /larger than/, ""],
  ])("refuses %o", (schema, message, path) => {
    const error = errorOf(schema as Record<string, unknown>);
    expect(error.message).toMatch(message);
    expect(error.path).toBe(path);
  });

  it("keep strangers' ids apart, and nothing of them", () => {
    const first = compileSchema({ $id: "https://same.example/a", type: "string" });
    const second = compileSchema({ $id: "https://same.example/a", type: "number" });
    expect([first("x"), second(1)]).toEqual([undefined, undefined]);
    expect([first(1), second("x")].every((problem) => problem !== undefined)).toBe(true);
    const nested = (type: string) => ({ properties: { a: { $id: "https://same.example/b", type } } });
    expect(compileSchema(nested("string"))({ a: "x" })).toBeUndefined();
    expect(compileSchema(nested("number"))({ a: 1 })).toBeUndefined();
  });

  it("are compiled once", () => {
    expect(compileSchema({ type: "object", title: "same" })).toBe(compileSchema({ type: "object", title: "same" }));
  });

  it.each(["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^([a-zA-Z0-9]+)*$"])(
    "run the pattern %s in bounded time",
    (pattern) => {
      const check = compileSchema(withPattern(pattern));
      const { user } = process.cpuUsage();
      expect(check({ text: `${"a".repeat(5_000)}!` })).toBeDefined();
      // Time of this process, in microseconds, whatever else the machine does.
      expect(process.cpuUsage().user - user).toBeLessThan(100_000);
    },
  );

  it("keep several patterns apart", () => {
    const check = compileSchema({ properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } } });
    expect(check({ a: "a", b: "b" })).toBeUndefined();
    expect(check({ a: "b" })).toBeDefined();
  });

  it("may lead to themselves", () => {
    const tree = compileSchema({ type: "object", properties: { child: { $ref: "#" } } });
    expect(tree({ child: { child: {} } })).toBeUndefined();
    expect(tree({ child: { child: 3 } })).toMatch(/child.child must be object/);
  });

  it("leave patterns alone that only backtracking can run", () => {
    expect(compileSchema(withPattern("^(?=.*a)b"))({ text: "c" })).toBeUndefined();
  });

  it("describe formats, and do not bind to them", () => {
    const check = compileSchema({ properties: { at: { type: "string", format: "date-time" } } });
    expect([check({ at: "at noon" }), check({ at: 12 })]).toEqual([undefined, expect.stringContaining("string")]);
  });

  it("survive a schema that leads round in a circle", () => {
    expect(compileSchema({ allOf: [{ $ref: "#" }] })({})).toMatch(/circle/);
  });
});

describe("strict schemas", () => {
  const strict = (properties: object, required: string[], additionalProperties: unknown = false) => ({
    type: "object",
    properties,
    required,
    additionalProperties,
  });
  it.each([
    [strict({ a: {} }, ["a"]), undefined],
    [strict({ a: {} }, []), "'a' is missing"],
    [strict({ a: {} }, ["a"], null), "additionalProperties"],
    [strict({ a: strict({ b: {} }, []) }, ["a"]), "'b' is missing"],
    [strict({ a: { type: "array", items: { type: "object" } } }, ["a"]), "additionalProperties"],
    [strict({ a: { anyOf: [{ type: "null" }, { type: "object" }] } }, ["a"]), "additionalProperties"],
  ])("%o", (schema, problem) => {
    const found = strictProblem(schema)?.message;
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});
