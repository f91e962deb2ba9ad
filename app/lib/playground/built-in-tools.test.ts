import { describe, expect, it } from "vitest";
import { Ajv2020 } from "ajv/dist/2020.js";
import { BUILT_IN_TOOLS, runBuiltIn } from "./built-in-tools";

describe("built-in tools", () => {
  it.each(BUILT_IN_TOOLS)("$name has a schema that arguments can be checked by", ({ parameters }) => {
    expect(() => new Ajv2020().compile(parameters)).not.toThrow();
  });

  it("roll as many dice as they are told", () => {
    const { rolled } = JSON.parse(runBuiltIn("roll_dice", '{"count":20,"sides":3}') ?? "") as { rolled: number[] };
    expect(rolled).toHaveLength(20);
    expect(rolled.every((each) => [1, 2, 3].includes(each))).toBe(true);
    expect(runBuiltIn("roll_dice", "")).toMatch(/^\{"rolled":\[[1-6]\]\}$/);
  });

  it.each([
    ["roll_dice", '{"count":21}', "From 1 to 20"],
    ["roll_dice", '{"sides":"six"}', "2 to 100"],
    ["set_theme", '{"theme":"pink"}', "light or dark"],
    ["set_theme", "[", "JSON"],
    ["set_theme", "7", "no JSON object"],
  ])("%s with %s is told to the model as an error", (name, json, words) => {
    expect(JSON.parse(runBuiltIn(name, json) ?? "")).toEqual({ error: expect.stringContaining(words) });
  });

  it("are nobody else's", () => expect(runBuiltIn("weather", "{}")).toBeUndefined());
});
