import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { GenerateEvent, ToolCallEvent } from "../../realtime/engine/types";
import { openaiLanguageModel, type OpenAILanguageModelOptions } from "./index";
import { all, BASE, delta, failureOf, generateRequest, HELLO, refusal, sse, textOf } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

type Body = Readonly<Record<string, unknown>>;
interface Asked {
  readonly body: Body;
  readonly headers: Headers;
}

/** Answers each request by `answer`; returns what was asked. */
function endpoint(answer: (body: Body, index: number) => Response, base = BASE): Asked[] {
  const asked: Asked[] = [];
  server.use(
    http.post(`${base}/chat/completions`, async ({ request }) => {
      const body = (await request.json()) as Body;
      asked.push({ body, headers: request.headers });
      return answer(body, asked.length - 1);
    }),
  );
  return asked;
}

const model = (options: Partial<OpenAILanguageModelOptions> = {}) =>
  openaiLanguageModel({ baseURL: BASE, apiKey: "sk-secret-key", model: "small", maxRetries: 0, ...options });

const weather = { name: "weather", description: "Tells the weather", parameters: { type: "object", properties: {} } };
const tools = [weather, { name: "now", description: undefined, parameters: undefined }];

describe("a reply", () => {
  it("streams words, and ends with the provider's own usage", async () => {
    const asked = endpoint(() => sse(...HELLO));
    expect(await all(model().generate(generateRequest()))).toEqual([
      { type: "text", text: "Hello" },
      { type: "text", text: " there." },
      { type: "finish", reason: "stop", usage: { inputTokens: 12, outputTokens: 3, cachedInputTokens: 8 } },
    ]);
    expect(asked[0]!.body).toEqual({
      model: "small",
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Hi" },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(asked[0]!.headers.get("authorization")).toBe("Bearer sk-secret-key");
  });

  it("takes no key from the environment for an endpoint without one", async () => {
    process.env["OPENAI_API_KEY"] = "sk-of-another";
    process.env["OPENAI_ORG_ID"] = "org-of-another";
    try {
      const asked = endpoint(() => sse(...HELLO));
      await all(model({ apiKey: undefined, headers: { "x-team": "a" } }).generate(generateRequest()));
      expect(Object.fromEntries(asked[0]!.headers)).toMatchObject({ "x-team": "a" });
      expect(JSON.stringify([...asked[0]!.headers])).not.toMatch(/another|authorization/i);
    } finally {
      delete process.env["OPENAI_API_KEY"];
      delete process.env["OPENAI_ORG_ID"];
    }
  });

  it("passes refusals on as words", async () => {
    endpoint(() => sse(delta({ refusal: "I will " }), delta({ refusal: "not." }), delta({}, "stop"), "[DONE]"));
    expect(textOf(await all(model().generate(generateRequest())))).toBe("I will not.");
  });

  it.each([
    ["length", "length"],
    ["model_length", "length"],
    ["content_filter", "content_filter"],
    ["eos", "stop"],
  ])("says why it ended: %s → %s", async (official, reason) => {
    endpoint(() => sse(delta({ content: "Hm" }), delta({}, official)));
    expect((await all(model().generate(generateRequest()))).at(-1)).toEqual({ type: "finish", reason });
  });

  it("passes tools, effort and further parameters", async () => {
    const asked = endpoint(() => sse(...HELLO));
    const llm = model({ parameters: { temperature: 0.5 } });
    const choices = ["auto", "none", "required", { name: "weather" }] as const;
    for (const toolChoice of choices) {
      await all(llm.generate(generateRequest({ tools, toolChoice, parallelToolCalls: false, reasoningEffort: "low" })));
    }
    expect(asked[0]!.body).toMatchObject({
      temperature: 0.5,
      parallel_tool_calls: false,
      reasoning_effort: "low",
      tools: [
        { type: "function", function: weather },
        { type: "function", function: { name: "now", parameters: { type: "object", properties: {} } } },
      ],
    });
    const forced = { type: "function", function: { name: "weather" } };
    expect(asked.map(({ body }) => body["tool_choice"])).toEqual(["auto", "none", "required", forced]);
  });
});

describe("tool calls", () => {
  const piece = (call: Readonly<Record<string, unknown>>, finish: string | null = null) =>
    delta({ tool_calls: [call] }, finish);

  /** Calls put together from their events, in order of `index`. */
  async function calls(...chunks: unknown[]): Promise<{ name: string; callId: string | undefined; json: string }[]> {
    endpoint(() => sse(...chunks, "[DONE]"));
    const events = await all(model().generate(generateRequest({ tools })));
    expect(events.at(-1)).toMatchObject({ type: "finish", reason: "tool_calls" });
    return events.filter(isBegin).map(({ index, name, callId }) => {
      expect(events.filter((event) => event.type === "tool-call-done" && event.index === index)).toHaveLength(1);
      return { name, callId, json: events.map((event) => argumentsOf(event, index)).join("") };
    });
  }
  const isBegin = (event: GenerateEvent): event is Extract<ToolCallEvent, { type: "tool-call" }> =>
    event.type === "tool-call";
  const argumentsOf = (event: GenerateEvent, index: number): string =>
    event.type === "tool-arguments" && event.index === index ? event.delta : "";

  const both = [
    { name: "weather", callId: "call_a", json: '{"city":"Rome"}' },
    { name: "now", callId: "call_b", json: "{}" },
  ];

  it("in parallel, arguments in pieces", async () => {
    expect(
      await calls(
        piece({ index: 0, id: "call_a", type: "function", function: { name: "weather", arguments: "" } }),
        piece({ index: 0, function: { arguments: '{"city":' } }),
        piece({ index: 0, function: { arguments: '"Rome"}' } }),
        piece({ index: 1, id: "call_b", type: "function", function: { name: "now", arguments: "" } }),
        piece({ index: 1, function: { arguments: "{}" } }),
        delta({}, "tool_calls"),
      ),
    ).toEqual(both);
  });

  it("streams the arguments as they come", async () => {
    endpoint(() =>
      sse(
        piece({ index: 0, id: "call_a", function: { name: "weather", arguments: "" } }),
        piece({ index: 0, function: { arguments: '{"ci' } }),
        piece({ index: 0, function: { arguments: 'ty":1}' } }, "tool_calls"),
      ),
    );
    expect(await all(model().generate(generateRequest({ tools })))).toEqual([
      { type: "tool-call", index: 0, name: "weather", callId: "call_a" },
      { type: "tool-arguments", index: 0, delta: '{"ci' },
      { type: "tool-arguments", index: 0, delta: 'ty":1}' },
      { type: "tool-call-done", index: 0 },
      { type: "finish", reason: "tool_calls" },
    ]);
  });

  it("whole, without index, and with finish_reason stop", async () => {
    expect(
      await calls(
        piece({ id: "call_a", function: { name: "weather", arguments: '{"city":"Rome"}' } }),
        piece({ id: "call_b", function: { name: "now", arguments: "" } }),
        delta({}, "stop"),
      ),
    ).toEqual(both);
  });

  it("all with index 0, and arguments already parsed", async () => {
    expect(
      await calls(
        piece({ index: 0, id: "call_a", function: { name: "weather", arguments: { city: "Rome" } } }),
        piece({ index: 0, id: "call_b", function: { name: "now", arguments: {} } }, "tool_calls"),
      ),
    ).toEqual(both);
  });

  it("without ids and without index, to the same function twice", async () => {
    expect(
      await calls(
        piece({ function: { name: "weather", arguments: '{"city":"Rome"}' } }),
        piece({ function: { name: "weather", arguments: '{"city":"Oslo"}' } }, "stop"),
      ),
    ).toEqual([
      { name: "weather", callId: undefined, json: '{"city":"Rome"}' },
      { name: "weather", callId: undefined, json: '{"city":"Oslo"}' },
    ]);
  });

  it("with name and id repeated in every piece", async () => {
    expect(
      await calls(
        piece({ index: 0, id: "call_a", function: { name: "weather", arguments: '{"city":' } }),
        piece({ index: 0, id: "call_a", function: { name: "weather", arguments: '"Rome"}' } }, "tool_calls"),
      ),
    ).toEqual([both[0]]);
    expect(
      await calls(
        piece({ index: 0, function: { name: "weather", arguments: '{"city":' } }),
        piece({ index: 0, function: { name: "weather", arguments: '"Rome"}' } }, "tool_calls"),
      ),
    ).toEqual([{ ...both[0], callId: undefined }]);
  });

  it("with the name after the first arguments", async () => {
    expect(
      await calls(
        piece({ index: 0, id: "call_a", function: { arguments: '{"city"' } }),
        piece({ index: 0, function: { name: "weather", arguments: ':"Rome"}' } }, "tool_calls"),
      ),
    ).toEqual([both[0]]);
  });
});

describe("endpoints that know less", () => {
  it("one that refuses stream_options is not asked for usage again", async () => {
    const asked = endpoint((body) =>
      "stream_options" in body
        ? refusal(400, { message: "Unrecognized request argument supplied: stream_options", param: null })
        : sse(...HELLO.slice(0, 4)),
    );
    const llm = model();
    for (let turn = 0; turn < 2; turn++) {
      const events = await all(llm.generate(generateRequest()));
      expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
    }
    expect(asked.map(({ body }) => "stream_options" in body)).toEqual([true, false, false]);
  });

  it("one that checks strictly, in FastAPI's words", async () => {
    const asked = endpoint((body) =>
      "reasoning_effort" in body
        ? HttpResponse.json(
            {
              detail: [
                { loc: ["body", "reasoning_effort"], msg: "Extra inputs are not permitted", type: "extra_forbidden" },
              ],
            },
            { status: 422 },
          )
        : sse(...HELLO),
    );
    expect(textOf(await all(model().generate(generateRequest({ reasoningEffort: "low" }))))).toBe("Hello there.");
    expect(asked).toHaveLength(2);
  });

  it("uses the name of the token limit that the endpoint knows", async () => {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const imitator = endpoint((body) =>
      "max_tokens" in body
        ? refusal(400, { message, param: "max_tokens", code: "unsupported_parameter" })
        : sse(...HELLO),
    );
    const llm = model();
    for (let turn = 0; turn < 2; turn++) await all(llm.generate(generateRequest({ maxOutputTokens: 50 })));
    expect(imitator.map(({ body }) => [body["max_tokens"], body["max_completion_tokens"]])).toEqual([
      [50, undefined],
      [undefined, 50],
      [undefined, 50],
    ]);
    const official = endpoint(() => sse(...HELLO), "https://api.openai.com/v1");
    await all(model({ baseURL: undefined }).generate(generateRequest({ maxOutputTokens: 50 })));
    expect(official[0]!.body).toMatchObject({ max_completion_tokens: 50 });
  });

  it("one that does not stream at all is understood", async () => {
    const call = { id: "call_a", type: "function", function: { name: "weather", arguments: "{}" } };
    const message = { role: "assistant", content: "Let me see.", tool_calls: [call] };
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    endpoint(() => HttpResponse.json({ choices: [{ index: 0, message, finish_reason: "tool_calls" }], usage }));
    expect(await all(model().generate(generateRequest()))).toEqual([
      { type: "text", text: "Let me see." },
      { type: "tool-call", index: 0, name: "weather", callId: "call_a" },
      { type: "tool-arguments", index: 0, delta: "{}" },
      { type: "tool-call-done", index: 0 },
      { type: "finish", reason: "tool_calls", usage: { inputTokens: 5, outputTokens: 2 } },
    ]);
  });

  it("a bad value is not taken for an unknown parameter", async () => {
    const message = "Unsupported value: 'reasoning_effort' does not support 'none' with this model.";
    const asked = endpoint(() => refusal(400, { message, param: "reasoning_effort" }));
    const error = await failureOf(model().generate(generateRequest({ reasoningEffort: "none" })));
    expect(error).toMatchObject({ code: "bad_request", retryable: false });
    expect(error).toHaveProperty("message", `The llm provider rejected the request (HTTP 400): ${message}`);
    expect(asked).toHaveLength(1);
  });
});

describe("failures", () => {
  it.each([
    [
      401,
      "Incorrect API key provided: sk-secret-key",
      "invalid_api_key",
      "The llm provider refused its API key.",
      false,
    ],
    [403, "No.", "permission_denied", "The llm provider does not allow this request (HTTP 403).", false],
    [
      404,
      "model 'small' not found",
      "not_found",
      `The llm provider does not know the model "small", or its base URL is wrong (HTTP 404): model 'small' not found`,
      false,
    ],
    [429, "Slow down", "rate_limit_exceeded", "The llm provider gets too many requests: Slow down", true],
    [
      400,
      "bad key sk-secret-key here",
      "bad_request",
      "The llm provider rejected the request (HTTP 400): bad key *** here",
      false,
    ],
    [503, "loading", "provider_error", "The llm provider failed (HTTP 503): loading", true],
  ])("HTTP %i", async (status, said, code, message, retryable) => {
    endpoint(() => refusal(status, { message: said }));
    const error = await failureOf(model().generate(generateRequest()));
    expect(error).toMatchObject({ stage: "llm", code, message, retryable });
  });

  it.each([
    [{ error: "model not found, try pulling it first" }, ": model not found, try pulling it first"],
    [{ object: "error", message: "no such model", type: "NotFoundError" }, ": no such model"],
    ["<html>Not Found</html>", "."],
    ["nothing here", ": nothing here"],
  ])("reads refusals in other forms: %j", async (body, shown) => {
    endpoint(() => new HttpResponse(typeof body === "string" ? body : JSON.stringify(body), { status: 404 }));
    expect(await failureOf(model().generate(generateRequest()))).toMatchObject({
      code: "not_found",
      message: `The llm provider does not know the model "small", or its base URL is wrong (HTTP 404)${shown}`,
    });
  });

  it("tells a used-up quota from a busy endpoint", async () => {
    endpoint(() => refusal(429, { message: "You exceeded your current quota", code: "insufficient_quota" }));
    expect(await failureOf(model().generate(generateRequest()))).toMatchObject({
      code: "insufficient_quota",
      retryable: false,
    });
  });

  it("tries again when the endpoint was busy before it said anything", async () => {
    const busy = { status: 503, headers: { "retry-after-ms": "1" } };
    const asked = endpoint((_body, index) => (index === 0 ? HttpResponse.json({}, busy) : sse(...HELLO)));
    expect(textOf(await all(model({ maxRetries: 1 }).generate(generateRequest())))).toBe("Hello there.");
    expect(asked).toHaveLength(2);
  });

  it("a base URL that is none is refused at once", () => {
    expect(() => model({ baseURL: "models.test" })).toThrow("The base URL of the llm provider is not a URL.");
  });
});
