import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FunctionTool, PromptItem, PromptPart, ToolChoice } from "../../realtime/engine/types";
import { ask, eventsOf, NOW } from "./__fixtures__/ask-offline";
import { numberInWords } from "./__fixtures__/number-words";
import { wholeNumber } from "./offline/numbers";
import { argumentsFor } from "./offline/tools/arguments";
import { spokenResult } from "./offline/tools/results";

const someWords = fc.constantFrom(
  ...'say count spell add and to from five hundred point minus times ( ) what is the weather in an hour repeat hello 3.5 - x , . " get it'.split(
    " ",
  ),
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(someWords, { maxLength: 40 }).map((words) => words.join(" ")),
);
const part: fc.Arbitrary<PromptPart> = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text }),
  fc.record({ type: fc.constant("audio" as const), audio: fc.constant(undefined), transcript: fc.option(text) }),
  fc.record({ type: fc.constant("image" as const), url: fc.string(), detail: fc.constant("auto" as const) }),
);
const callId = fc.constantFrom("a", "b", "c");
const item: fc.Arbitrary<PromptItem> = fc.oneof(
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
    content: fc.array(part, { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant("tool-call" as const), callId, name: fc.string(), arguments: fc.string() }),
  fc.record({ type: fc.constant("tool-result" as const), callId, output: fc.oneof(fc.string(), fc.json()) }),
);
const schema: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }),
    fc.record(
      {
        type: fc.constantFrom(
          "string",
          "number",
          "integer",
          "boolean",
          "array",
          "object",
          "null",
          ["null", "string"],
          "odd",
        ),
        properties: fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom("city", "__proto__", "to", "id")),
          tie("schema"),
          { maxKeys: 4 },
        ),
        required: fc.array(fc.constantFrom("city", "to", "id", "__proto__")),
        items: tie("schema"),
        enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
        anyOf: fc.array(tie("schema"), { maxLength: 2 }),
        format: fc.constantFrom("date", "time", "date-time", "email", "uri"),
        minimum: fc.integer(),
        default: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    ),
  ),
})).schema;
const tool: fc.Arbitrary<FunctionTool> = fc.record({
  name: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("get_weather", "say", "count", "add")),
  description: fc.option(text, { nil: undefined }),
  parameters: schema.map((each) => each as FunctionTool["parameters"]),
});
const toolChoice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.constantFrom("auto" as const, "none" as const, "required" as const),
  fc.record({ name: fc.constantFrom("get_weather", "say", "nope") }),
);

describe("whatever the offline responder is asked", () => {
  it("never throws, says something, and ends with exactly one finish", async () => {
    const asking = fc.record({
      tools: fc.array(tool, { maxLength: 4 }),
      toolChoice,
      parallelToolCalls: fc.constantFrom(undefined, true, false),
      maxOutputTokens: fc.option(fc.nat(30), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 6 }), asking, async (items, options) => {
        const events = await eventsOf(items, options);
        expect(events.filter(({ type }) => type === "finish")).toHaveLength(1);
        expect(events.at(-1)?.type).toBe("finish");
        if (options.maxOutputTokens === undefined) expect(events.length).toBeGreaterThan(1);
        else expect(events.length).toBeLessThanOrEqual(options.maxOutputTokens + 1);
        const opened = events.flatMap((event) => (event.type === "tool-call" ? [event.index] : []));
        expect(opened).toEqual(events.flatMap((event) => (event.type === "tool-call-done" ? [event.index] : [])));
        if (options.toolChoice === "none") expect(opened).toEqual([]);
        if (options.parallelToolCalls === false) expect(opened.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it("answers alike when asked alike", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 4 }), fc.array(tool, { maxLength: 2 }), async (items, tools) => {
        expect(await eventsOf(items, { tools })).toEqual(await eventsOf(items, { tools }));
      }),
      { numRuns: 50 },
    );
  });

  it("fills any schema with an object that has what is required", () => {
    fc.assert(
      fc.property(tool, text, (each, said) => {
        const filled: unknown = JSON.parse(argumentsFor(each, said, NOW));
        expect(typeof filled === "object" && filled !== null && !Array.isArray(filled)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("reads any result aloud, in a few sentences", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (output) => {
        expect(spokenResult(output).length).toBeLessThan(800);
      }),
      { numRuns: 500 },
    );
  });

  it("takes no longer for hostile text", async () => {
    const hostile = [
      "(",
      "minus ",
      "please  ",
      "say ",
      "hello ",
      "and ",
      "a ",
      "1 x ",
      " ,",
      "2 to the power of ",
      '"',
      "count to ",
    ];
    const start = performance.now();
    for (const each of hostile)
      await ask(each.repeat(20_000), { tools: [{ name: "say", description: each, parameters: {} }] });
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe("numbers and sums", () => {
  it("hears every number as it is said", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.boolean(), (value, joined) => {
        expect(wholeNumber(numberInWords(value, joined).split(" "))).toBe(value);
      }),
    );
  });

  const operators = [
    ["plus", "+"],
    ["minus", "-"],
    ["times", "*"],
    ["divided by", "/"],
  ] as const;
  const term = fc.record({ value: fc.nat(9_999), operator: fc.constantFrom(...operators) });

  it("agree with JavaScript, in words and in digits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(9_999), fc.array(term, { minLength: 1, maxLength: 5 }), async (first, terms) => {
        const code = first + terms.map(({ value, operator }) => ` ${operator[1]} ${value}`).join("");
        const words = terms.map(({ value, operator }) => ` ${operator[0]} ${numberInWords(value, false)}`).join("");
        const expected = evaluate(first, terms);
        const spoken = await ask(`what is ${numberInWords(first, false)}${words}`);
        expect((await ask(code)).text).toBe(spoken.text);
        if (expected === undefined) expect(spoken.text).toBe("Nobody can divide by zero.");
        else expectNear(spoken.text, expected);
      }),
      { numRuns: 300 },
    );
  });

  interface Term {
    readonly value: number;
    readonly operator: (typeof operators)[number];
  }

  /** Undefined where somebody divides by zero. */
  function evaluate(first: number, terms: readonly Term[]): number | undefined {
    const summands = [first];
    for (const { value, operator } of terms) {
      if (operator[1] === "+") summands.push(value);
      else if (operator[1] === "-") summands.push(-value);
      else if (operator[1] === "*") summands.push(summands.pop()! * value);
      else if (value === 0) return undefined;
      else summands.push(summands.pop()! / value);
    }
    return summands.reduce((sum, each) => sum + each, 0);
  }

  function expectNear(answer: string, expected: number): void {
    const match = / is (minus )?(?:about )?([\d,.]+?)(?: times 10 to the power of (minus )?(\d+))?\.$/.exec(answer)!;
    const scale = 10 ** ((match[3] ? -1 : 1) * Number(match[4] ?? 0));
    const result = Number(match[2]!.replaceAll(",", "")) * scale * (match[1] ? -1 : 1);
    const precision = scale === 1 ? 1e-6 : 1e-2;
    expect(Math.abs(result - expected), answer).toBeLessThanOrEqual(precision * Math.max(scale, Math.abs(expected)));
  }
});
