import { describe, expect, it } from "vitest";
import { ask, assistant, called, result, user } from "../../__fixtures__/ask-offline";
import { spokenResult } from "./results";

describe("a tool's result, read aloud", () => {
  it.each<[unknown, string]>([
    ["It is sunny in Paris.", "It is sunny in Paris."],
    ["**Sunny**, see [the map](https://example.com/x).", "Sunny, see the map."],
    [{ temperature: 21, unit: "celsius" }, "The temperature is 21 celsius."],
    [{ temperature: 21, conditions: "sunny" }, "The temperature is 21 and the conditions is sunny."],
    [
      { city: "Paris", windSpeed: -3.5, raining: false },
      "The city is Paris, the wind speed is minus 3.5 and the raining is no.",
    ],
    [{ place: { city: "Rome", country: "Italy" } }, "The place is city Rome and country Italy."],
    [{ answer: 42 }, "The result is 42."],
    [{ result: "Booked for two." }, "Booked for two."],
    [{ ok: true, message: "The light is on now.", id: 7 }, "The light is on now."],
    [{ ok: true }, "That is done."],
    [{ success: false }, "That did not work."],
    [{ status: "failed" }, "That did not work."],
    [{ error: "no such city" }, "That did not work: No such city."],
    [{ error: { message: "The key is wrong.", code: 3 } }, "That did not work: The key is wrong."],
    [{}, "That is done."],
    ["", "That is done."],
    ["null", "That is done."],
    ["true", "That is done."],
    ["false", "That did not work."],
    ["1234567.5", "The result is 1,234,567.5."],
    [["red", "green", "blue"], "Red, green and blue."],
    [[], "There are no results."],
    [[{ name: "Ann" }], "There is one result: name Ann."],
    [[{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], "There are 4 results: n 1. n 2. n 3. And 1 more."],
    [{ content: [{ type: "text", text: "Hello from MCP." }] }, "Hello from MCP."],
    [
      [
        { type: "text", text: "One." },
        { type: "text", text: "Two." },
      ],
      "One. Two.",
    ],
    ["{not json", "{not json"],
    ["2026-11-21", "2026-11-21"],
  ])("%j → %s", (output, spoken) => {
    expect(spokenResult(typeof output === "string" ? output : JSON.stringify(output))).toBe(spoken);
  });

  it("is cut when it is long or deep", () => {
    expect(spokenResult("word ".repeat(1_000)).length).toBeLessThan(710);
    expect(spokenResult(JSON.stringify({ a: { b: { c: { d: { e: 1 } } } } }))).toContain("more than I can read aloud");
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i]));
    expect(spokenResult(JSON.stringify(many))).toMatch(/and there are 12 more facts\.$/);
  });
});

describe("a conversation with results", () => {
  const asked = [user("weather in paris and rome"), called("get_weather", "a"), called("get_time", "b")];

  it("reads several results, each with its tool's name", async () => {
    const { text } = await ask([...asked, result("a", { temperature: 20 }), result("b", "Noon.")]);
    expect(text).toBe("Get weather: The temperature is 20. Get time: Noon.");
  });

  it("reads what there is, and says what is missing", async () => {
    expect((await ask([...asked, result("a", "Sunny.")])).text).toBe("Sunny. I am still waiting for get time.");
    expect((await ask(asked)).text).toBe("I am still waiting for get weather and get time.");
  });

  it("reads a result whose call is gone", async () => {
    expect((await ask([user("go"), result("x", { ok: true })])).text).toBe("That is done.");
  });

  it("goes on with what was said after the result", async () => {
    const items = [
      ...asked,
      result("a", "Sunny."),
      result("b", "Noon."),
      assistant("Sunny. Noon."),
      user("count to two"),
    ];
    expect((await ask(items)).text).toBe("1, 2.");
  });

  it("does not wait for an old call when the user goes on", async () => {
    expect((await ask([...asked, user("count to two")])).text).toBe("1, 2.");
  });
});
