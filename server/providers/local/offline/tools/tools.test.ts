import { describe, expect, it } from "vitest";
import { ask, called, result, tool, user } from "../../__fixtures__/ask-offline";

const text = { type: "string" };
const weather = tool(
  "get_weather",
  { city: text, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
  { description: "Get the current weather in a given city", required: ["city"] },
);
const light = tool(
  "set_light",
  { room: text, on: { type: "boolean" }, brightness: { type: "integer", minimum: 0, maximum: 100 } },
  { description: "Turn a light on or off", required: ["room", "on"] },
);
const timer = tool(
  "setTimer",
  { duration_seconds: { type: "number" }, label: text },
  { required: ["duration_seconds"] },
);
const message = tool("send_message", { to: text, message: text }, { description: "Send a message to a contact" });
const order = tool("get_order_status", { order_id: text }, { description: "Look up the status of an order" });
const shopping = tool("add_item", { item: text }, { description: "Add an item to the shopping list" });
const search = tool("search_web", { query: text });
const translate = tool("translate", { text, target_language: text });
const table = tool("book_table", {
  people: { type: "integer" },
  date: { type: "string", format: "date" },
  time: { type: "string", format: "time" },
});
const music = tool("play_music", { title: text, artist: text }, { required: ["title"] });
const calculator = tool("calculate", {
  a: { type: "number" },
  b: { type: "number" },
  operation: { enum: ["add", "subtract", "multiply", "divide"] },
});
const device = tool(
  "control_device",
  { device: { type: "string", enum: ["fan", "heater"] }, state: { type: "string", enum: ["on", "off"] } },
  { description: "Turn a smart home device on or off" },
);
const tools = [weather, light, timer, message, order, shopping, search, translate, table, music, calculator, device];

/** As the tools of MCP servers are called. */
const town = [
  tool("town__weather", { city: text }, { description: "The weather of a city." }),
  tool("town__order", { to: text }, { description: "Orders a taxi." }),
];

describe("tools of MCP servers", () => {
  it.each<[string, string, unknown]>([
    ["order a taxi to the station", "town__order", { to: "Station" }],
    ["I would like to order a taxi to the station", "town__order", { to: "Station" }],
    ["what is the weather in venice", "town__weather", { city: "Venice" }],
    ["what is the weather in my town", "town__weather", { city: "Town" }],
  ])("%s → %s", async (said, name, args) => {
    expect((await ask(said, { tools: town })).calls).toEqual([{ name, arguments: args }]);
  });

  it("are found by a server's name that says what it is for", async () => {
    const forecast = tool("weather__get_forecast", { city: text }, { description: "Weather in the next days." });
    const { calls } = await ask("what is the weather in venice", { tools: [forecast] });
    expect(calls).toEqual([{ name: "weather__get_forecast", arguments: { city: "Venice" } }]);
  });

  it("are not called because somebody says the server's name", async () => {
    expect((await ask("tell me about the town", { tools: town })).calls).toEqual([]);
  });

  it("may be refused by a person, and that is told", async () => {
    const items = [
      user("order a taxi to the station"),
      called("town__order", "call_1"),
      result("call_1", { error: "The call was not approved: too dear" }),
    ];
    expect((await ask(items, { tools: town })).text).toBe("That did not work: The call was not approved: too dear.");
  });
});

describe("a tool that fits the words is called, with its arguments", () => {
  it.each<[string, string, unknown]>([
    ["What's the weather in Paris?", "get_weather", { city: "Paris" }],
    ["what is the weather like in london today", "get_weather", { city: "London" }],
    ["whats the weather in new york in fahrenheit", "get_weather", { city: "New York", unit: "fahrenheit" }],
    ["weather for san francisco please", "get_weather", { city: "San Francisco" }],
    ["turn on the light in the kitchen", "set_light", { room: "kitchen", on: true }],
    ["turn off the kitchen light", "set_light", { room: "kitchen", on: false }],
    ["set the living room light to fifty percent", "set_light", { room: "living room", on: true, brightness: 50 }],
    ["set the light in the hall to 500", "set_light", { room: "hall", on: true, brightness: 100 }],
    ["set a timer for five minutes", "setTimer", { duration_seconds: 300 }],
    ["set a timer for half an hour", "setTimer", { duration_seconds: 1800 }],
    ["set a timer for 90 seconds named tea", "setTimer", { duration_seconds: 90, label: "Tea" }],
    ["send a message to mary saying I will be late", "send_message", { to: "Mary", message: "I will be late" }],
    ["where is my order 1234", "get_order_status", { order_id: "1234" }],
    ["what is the status of order AB-12?", "get_order_status", { order_id: "AB-12" }],
    ["where is order twelve", "get_order_status", { order_id: "12" }],
    ["add milk to my shopping list", "add_item", { item: "milk" }],
    ["add milk and eggs to my shopping list", "add_item", { item: "milk and eggs" }],
    ["search the web for cats", "search_web", { query: "cats" }],
    ["search for a good restaurant in berlin", "search_web", { query: "good restaurant in berlin" }],
    ['search the web for "antiphon server"', "search_web", { query: "antiphon server" }],
    ["translate good morning to french", "translate", { text: "good morning", target_language: "French" }],
    [
      "book a table for four people tomorrow at 7 pm",
      "book_table",
      { people: 4, date: "2026-11-22", time: "19:00:00" },
    ],
    ["book a table for two on monday at 19:30", "book_table", { people: 2, date: "2026-11-23", time: "19:30:00" }],
    ["play yellow submarine by the beatles", "play_music", { title: "Yellow Submarine", artist: "Beatles" }],
    ["calculate twelve times seven", "calculate", { a: 12, b: 7, operation: "multiply" }],
    ["turn the fan off", "control_device", { device: "fan", state: "off" }],
    // As recognisers heard it.
    ["what is the whether in venice", "get_weather", { city: "Venice" }],
    ["shitty timer for five minutes", "setTimer", { duration_seconds: 300 }],
  ])("%s → %s", async (said, name, args) => {
    expect(await ask(said, { tools })).toEqual({
      text: "",
      calls: [{ name, arguments: args }],
      finish: "tool_calls",
    });
  });
});

describe("no tool is called", () => {
  it.each([
    ["what time is it", "It is 2:05 PM."],
    ["what is twelve times seven", "12 times 7 is 84."],
    ["say the weather is nice", "The weather is nice."],
    ["hello", "Hello! What can I do for you?"],
    ["count to three", "1, 2, 3."],
  ])("for what a skill answers: %s", async (said, answer) => {
    expect(await ask(said, { tools })).toEqual({ text: answer, calls: [], finish: "stop" });
  });

  it.each(["why is the sky blue", "i would like a holiday", "get lost", "tell me something"])(
    "for what fits none: %s",
    async (said) => {
      const { calls, text } = await ask(said, { tools });
      expect(calls).toEqual([]);
      expect(text).toContain(`I heard "${said}"`);
    },
  );

  it("for three times four, though a tool tells the time", async () => {
    const time = tool("get_time", {}, { description: "Get the current time" });
    expect((await ask("what is three times four", { tools: [time] })).text).toBe("3 times 4 is 12.");
    expect((await ask("what time is it", { tools: [time] })).calls).toEqual([{ name: "get_time", arguments: {} }]);
  });
});

describe("tool choice", () => {
  const paris = "what is the weather in paris";
  it("none: never calls", async () => {
    const { calls, text } = await ask(paris, { tools, toolChoice: "none" });
    expect(calls).toEqual([]);
    expect(text).toContain(`I heard "${paris}"`);
  });

  it("required: calls what fits", async () => {
    expect((await ask(paris, { tools, toolChoice: "required" })).calls).toEqual([
      { name: "get_weather", arguments: { city: "Paris" } },
    ]);
  });

  it("required: calls something even when nothing fits, or nothing was said", async () => {
    const asking = { tools: [search, order], toolChoice: "required" } as const;
    expect((await ask("why is the sky blue", asking)).calls).toEqual([
      { name: "search_web", arguments: { query: "sky blue" } },
    ]);
    expect((await ask([], asking)).calls).toEqual([{ name: "search_web", arguments: { query: "" } }]);
  });

  it("required: answers in words when there is no tool", async () => {
    expect((await ask("what time is it", { toolChoice: "required" })).text).toBe("It is 2:05 PM.");
  });

  it("named: calls that tool and no other", async () => {
    expect(await ask(`${paris} and count to three`, { tools, toolChoice: { name: "get_order_status" } })).toEqual({
      text: "",
      calls: [{ name: "get_order_status", arguments: { order_id: "3" } }],
      finish: "tool_calls",
    });
  });

  it("named: answers in words when there is no such tool", async () => {
    expect((await ask("what time is it", { tools, toolChoice: { name: "nope" } })).text).toBe("It is 2:05 PM.");
  });

  it("required and named: a result since then is read, not asked for again", async () => {
    const items = [user(paris), called("get_weather", "c1"), result("c1", "It is sunny.")];
    for (const toolChoice of ["required", { name: "get_weather" }] as const) {
      expect(await ask(items, { tools, toolChoice })).toEqual({ text: "It is sunny.", calls: [], finish: "stop" });
    }
  });
});

describe("several tools in one utterance", () => {
  const said = "turn on the light in the kitchen and tell me the weather in oslo";
  const calls = [
    { name: "set_light", arguments: { room: "kitchen", on: true } },
    { name: "get_weather", arguments: { city: "Oslo" } },
  ];
  it("calls each", async () => {
    expect(await ask(said, { tools })).toEqual({ text: "", calls, finish: "tool_calls" });
    expect((await ask(said, { tools, toolChoice: "required" })).calls).toEqual(calls);
  });

  it("calls only the first without parallel calls", async () => {
    expect((await ask(said, { tools, parallelToolCalls: false })).calls).toEqual(calls.slice(0, 1));
  });

  it("answers the rest in words", async () => {
    expect(await ask("hello, what time is it and what is the weather in oslo", { tools })).toEqual({
      text: "Hello! It is 2:05 PM.",
      calls: calls.slice(1),
      finish: "tool_calls",
    });
  });
});

describe("arguments by schema", () => {
  const filled = async (properties: Record<string, unknown>, said: string, required?: string[]): Promise<unknown> => {
    const asking = { tools: [tool("job", properties, { required })], toolChoice: { name: "job" } };
    return (await ask(said, asking)).calls[0]?.arguments;
  };

  it.each<[string, Record<string, unknown>, string, unknown]>([
    ["a default", { n: { type: "number", default: 7 } }, "go", { n: 7 }],
    ["the smallest number allowed", { n: { type: "integer", minimum: 3 } }, "go", { n: 3 }],
    ["a number that fits", { n: { type: "integer", maximum: 10 } }, "do it 99 times", { n: 10 }],
    ["a whole number", { n: { type: "integer" } }, "take 2.6", { n: 3 }],
    ["a negative number", { n: { type: "number" } }, "go to minus five", { n: -5 }],
    [
      "numbers by their neighbours",
      { rows: { type: "number" }, seats: { type: "number" } },
      "4 seats in 9 rows",
      { rows: 9, seats: 4 },
    ],
    ["a constant", { kind: { const: "x" } }, "go", { kind: "x" }],
    ["the first of several values", { size: { enum: ["small", "large"] } }, "go", { size: "small" }],
    [
      "the value that was said",
      { size: { enum: ["small", "large", "extra_large"] } },
      "an extra large one",
      { size: "extra_large" },
    ],
    ["a numeric value", { level: { enum: [1, 2, 3] } }, "level two", { level: 2 }],
    ["yes and no", { loud: { type: "boolean" } }, "not loud", { loud: false }],
    [
      "a list of values",
      { days: { type: "array", items: { enum: ["monday", "friday"] } } },
      "monday and friday",
      { days: ["monday", "friday"] },
    ],
    ["a list of numbers", { ns: { type: "array", items: { type: "number" } } }, "one two and 3", { ns: [1, 2, 3] }],
    ["an empty list", { ns: { type: "array", items: { type: "number" } } }, "go", { ns: [] }],
    ["an object", { at: { properties: { city: text }, required: ["city"] } }, "in rome", { at: { city: "Rome" } }],
    ["null among types", { city: { type: ["string", "null"] } }, "in rome", { city: "Rome" }],
    ["alternatives", { n: { anyOf: [{ type: "null" }, { type: "integer" }] } }, "take 4", { n: 4 }],
    ["only null", { n: { type: "null" } }, "take 4", { n: null }],
    ["an e-mail address", { email: text }, "write to Ann.Lee@example.com now", { email: "Ann.Lee@example.com" }],
    ["a link", { url: text }, "open https://example.com/a?b=1 now", { url: "https://example.com/a?b=1" }],
    [
      "a date and time",
      { at: { type: "string", format: "date-time" } },
      "tomorrow at 9:15",
      { at: "2026-11-22T09:15:00" },
    ],
    ["a day as it was said", { day: text }, "remind me on Monday", { day: "Monday" }],
    ["what was not said", { city: text }, "go", { city: "unknown" }],
    ["the whole request", { prompt: text }, "Why?", { prompt: "Why?" }],
  ])("%s", async (_, properties, said, expected) => {
    expect(await filled(properties, said)).toEqual(expected);
  });

  it("leaves out what is optional and was not said", async () => {
    const properties = { city: text, n: { type: "number" }, on: { type: "boolean" }, list: { type: "array" } };
    expect(await filled(properties, "go", [])).toEqual({});
  });

  it("takes no word for two arguments", async () => {
    expect(await filled({ from: text, to: text }, "from rome to oslo")).toEqual({ from: "Rome", to: "Oslo" });
  });

  it.each([
    [undefined],
    [{}],
    [{ type: "object", properties: null, required: "x" }],
    [{ properties: { a: true, b: 3 } }],
  ])("makes an object of a schema without properties of use: %j", async (parameters) => {
    const odd = { name: "job", description: undefined, parameters };
    expect((await ask("go", { tools: [odd], toolChoice: "required" })).calls).toEqual([{ name: "job", arguments: {} }]);
  });
});
