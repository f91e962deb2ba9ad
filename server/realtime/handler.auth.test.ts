import * as fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { allowAnyone, apiKeys } from "./door/auth";
import type { AuthRequest } from "./door/auth";
import { asksForBeta, maskKey, presentedKey } from "./door/credentials";
import { createRealtimeHandler } from "./handler";
import { ProtocolError } from "./protocol/errors";
import { dial, recordingObserver, serve, testHandler, textEngine } from "./conformance/test-support";
import { connectInMemory } from "./testing/realtime";
import type { MemoryConnectOptions } from "./testing/realtime";
import type { WebSocketClientOptions } from "./testing/sockets";

const KEY = "sk-test-0123456789abcdef";

/** How a connection goes: the first event, and how it closed if it did. */
async function attempt(options: MemoryConnectOptions, handler = testHandler({ authenticate: apiKeys([KEY]) })) {
  const { client } = connectInMemory(handler, options);
  const first = await client.next(() => true);
  if (first.type !== "error") {
    void client.close();
    return { first };
  }
  return { first, error: first.error, closed: await client.closed };
}

describe("authentication", () => {
  it("lets a key in as bearer token, as `api-key` header and as browser subprotocol", async () => {
    const host = await serve(testHandler({ authenticate: apiKeys(["other", KEY]) }));
    const ways: WebSocketClientOptions[] = [
      { apiKey: KEY },
      { headers: { authorization: `bearer ${KEY}` } },
      { headers: { "api-key": KEY } },
      { protocols: ["realtime", `openai-insecure-api-key.${KEY}`] },
      { protocols: ["realtime", `openai-insecure-api-key.${KEY}`, "openai-agents-sdk.0.1"] },
    ];
    for (const options of ways) {
      const client = await dial(host, options);
      await client.next("session.created");
    }
  });

  it("upgrades a wrong key all the same, then says what is wrong and closes with 3000", async () => {
    const host = await serve(testHandler({ authenticate: apiKeys([KEY]) }));
    const client = await dial(host, { apiKey: "sk-wrong-0123456789" });
    const { error, event_id } = await client.next("error");
    expect(event_id).toMatch(/^event_/);
    expect(error).toEqual({
      type: "invalid_request_error",
      code: "invalid_api_key",
      message: "Incorrect API key provided: sk-w********6789.",
      param: null,
      event_id: null,
    });
    expect(await client.closed).toEqual({ code: 3000, reason: "invalid_request_error.invalid_api_key" });
    expect(client.events).toHaveLength(1);
  });

  it("says so when the key is missing", async () => {
    const { error, closed } = await attempt({});
    expect(error).toMatchObject({ code: null, message: "Missing bearer or basic authentication in header" });
    expect(closed).toEqual({ code: 3000, reason: "invalid_request_error" });
  });

  it("tells `authenticate` what the client sent", async () => {
    const asked: AuthRequest[] = [];
    const handler = testHandler({
      authenticate: (request) => {
        asked.push(request);
        return { tenant: "t" };
      },
    });
    const host = await serve(handler);
    const client = await dial(host, { apiKey: KEY, headers: { cookie: "a=b" } });
    await client.next("session.created");
    await fetch(`http://${host}/v1/models`);
    expect(asked).toMatchObject([
      { key: KEY, purpose: "session", remoteAddress: "127.0.0.1" },
      { key: null, purpose: "rest", remoteAddress: "127.0.0.1" },
    ]);
    expect(asked[0]?.headers.get("cookie")).toBe("a=b");
    expect(asked[0]?.url.searchParams.get("model")).toBe("antiphon");
  });

  it("passes on the words of a ProtocolError, and hides those of any other", async () => {
    const onError = vi.fn();
    const fault = new Error("database password is hunter2");
    const thrown = [
      new ProtocolError("Quota is used up.", { type: "rate_limit_error", code: "insufficient_quota" }),
      fault,
    ];
    const handler = testHandler({
      onError,
      authenticate: () => {
        throw thrown.shift() ?? fault;
      },
    });
    const quota = await attempt({}, handler);
    expect(quota.error).toMatchObject({ message: "Quota is used up.", code: "insufficient_quota" });
    expect(quota.closed).toEqual({ code: 1013, reason: "rate_limit_error.insufficient_quota" });
    expect(onError).not.toHaveBeenCalled();
    const broken = await attempt({}, handler);
    expect(broken.error).toMatchObject({ type: "server_error", code: "server_error" });
    expect(broken.error?.message).not.toContain("hunter2");
    expect(broken.closed?.code).toBe(1011);
    expect(onError).toHaveBeenCalledWith(fault, {});
  });

  it("counts an identity without a tenant as a fault of the host", async () => {
    const onError = vi.fn();
    // @ts-expect-error: what a JavaScript host might return
    const handler = testHandler({ onError, authenticate: () => true });
    expect((await attempt({}, handler)).closed?.code).toBe(1011);
    expect(onError.mock.calls[0]?.[0]).toBeInstanceOf(TypeError);
  });

  it("begins the session with the identity's configuration", async () => {
    const handler = testHandler({
      authenticate: () => ({ tenant: "t", session: { type: "realtime", instructions: "Be a pirate." } }),
    });
    const { first } = await attempt({}, handler);
    expect(first).toMatchObject({
      type: "session.created",
      session: { instructions: "Be a pirate.", model: "antiphon" },
    });
  });

  it("refuses an identity's configuration that the engine cannot do, with the field", async () => {
    const input = { turn_detection: { type: "server_vad" as const } };
    const handler = testHandler({
      authenticate: () => ({ tenant: "t", session: { type: "realtime", audio: { input } } }),
    });
    const { error, closed } = await attempt({}, handler);
    expect(error).toMatchObject({ code: "unsupported_parameter", param: "session.audio.input.turn_detection" });
    expect(closed?.code).toBe(4000);
  });

  it("authentication validation: exactly the known keys come in, whatever is presented", async () => {
    const handler = testHandler({ authenticate: apiKeys([KEY, "second-key"]) });
    const near = fc.constantFrom(
      KEY.slice(1),
      KEY.slice(0, -1),
      `${KEY}x`,
      KEY.toUpperCase(),
      "second-key ",
      KEY,
      "second-key",
    );
    const presented = fc.oneof(near, fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(
        presented,
        fc.constantFrom("authorization", "api-key", "sec-websocket-protocol"),
        async (key, where) => {
          const prefix = {
            authorization: "Bearer ",
            "api-key": "",
            "sec-websocket-protocol": "realtime, openai-insecure-api-key.",
          }[where];
          const headers = new Headers({ [where]: prefix + key });
          const response = await handler.fetch(new Request("http://x/v1/models", { headers }));
          const sent = presentedKey(headers);
          const known = sent === KEY || sent === "second-key";
          expect(response.status).toBe(known ? 200 : 401);
          const { first, closed } = await attempt({ headers: Object.fromEntries(headers) }, handler);
          expect(first.type).toBe(known ? "session.created" : "error");
          if (!known) expect(closed?.code).toBe(3000);
          // The answer never helps to guess a key, nor does it repeat the one that was sent.
          if (!known && sent !== null && sent.length > 8)
            expect(JSON.stringify(first)).not.toContain(JSON.stringify(sent).slice(1, -1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("tenant isolation: sessions and secrets stay with the tenant of their key", async () => {
    const observer = recordingObserver();
    const handler = createRealtimeHandler({
      engine: textEngine(),
      observers: [observer],
      authenticate: ({ key }) => (key === null ? null : { tenant: `tenant of ${key}` }),
    });
    onTestFinished(() => handler.close({ drainMs: 1 }));
    const step = fc.record({ key: fc.constantFrom("a", "b", "c"), viaSecret: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        await Promise.all(
          steps.map(async ({ key, viaSecret }) => {
            const marker = `session of ${key}`;
            const apiKey = viaSecret ? await mint(handler.fetch, key, marker) : key;
            const { client } = connectInMemory(handler, { apiKey });
            const created = await client.next("session.created");
            const own = observer.seen.filter(({ info }) => info.sessionId === created.session.id);
            expect(own.length).toBeGreaterThan(0);
            expect(new Set(own.map(({ info }) => info.tenant))).toEqual(new Set([`tenant of ${key}`]));
            expect(created.session).toMatchObject({
              instructions: viaSecret ? marker : expect.not.stringContaining(marker),
            });
            await client.close();
          }),
        );
      }),
      { numRuns: 25 },
    );
  });
});

async function mint(
  fetch: (request: Request) => Promise<Response>,
  key: string,
  instructions: string,
): Promise<string> {
  const response = await fetch(
    new Request("http://x/v1/realtime/client_secrets", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ session: { type: "realtime", instructions } }),
    }),
  );
  return ((await response.json()) as { value: string }).value;
}

describe("what a connection asks for", () => {
  it.each([
    ["no model", { model: null }, "missing_model", "You must provide a model parameter"],
    ["an unknown model", { model: "gpt-5" }, "invalid_model", 'Model "gpt-5" is not supported in realtime mode'],
    [
      "a transcription session with a recogniser for its model",
      { model: "whisper-1", query: { intent: "transcription" } },
      "invalid_model",
      "You must not provide a model parameter for transcription sessions.",
    ],
    ["an unknown intent", { query: { intent: "mischief" } }, "invalid_intent", "Invalid intent 'mischief'"],
    ["a call that is not there", { query: { call_id: "rtc_1" } }, "invalid_call_id", "No live session found"],
  ])("answers %s with an error, then closes with 4000", async (_what, options, code, message) => {
    const { error, closed } = await attempt({ apiKey: KEY, ...options });
    expect(error).toMatchObject({
      type: "invalid_request_error",
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(closed).toEqual({ code: 4000, reason: `invalid_request_error.${code}` });
  });

  it.each([
    ["by a header", { headers: { "openai-beta": "realtime=v1" } }],
    ["by a subprotocol", { headers: { "sec-websocket-protocol": "realtime, openai-beta.realtime-v1" } }],
  ])("speaks the beta dialect with who asks for it %s", async (_how, options) => {
    const { client } = connectInMemory(testHandler(), options);
    await client.next("conversation.created");
    expect(client.events[0]?.type).toBe("session.created");
  });

  it("says nothing of models to who has no key", async () => {
    expect((await attempt({ model: "gpt-5" })).closed?.code).toBe(3000);
  });

  it("serves each model with its own engine", async () => {
    const handler = testHandler({
      models: { one: textEngine({ reply: "I am one." }), two: textEngine({ reply: "I am two." }) },
    });
    const { client } = connectInMemory(handler, { model: "two" });
    expect((await client.next("session.created")).session).toMatchObject({ model: "two" });
    client.send({ type: "response.create", response: { output_modalities: ["text"] } });
    expect((await client.next("response.output_text.done")).text).toBe("I am two.");
    expect((await attempt({ model: "antiphon" }, handler)).error?.code).toBe("invalid_model");
  });

  it("serves the official names by default", async () => {
    for (const model of ["gpt-realtime", "gpt-realtime-2.1", "gpt-4o-realtime-preview"]) {
      expect((await attempt({ apiKey: KEY, model })).first.type).toBe("session.created");
    }
  });
});

describe("options that cannot work", () => {
  const engine = textEngine();
  const authenticate = allowAnyone();
  it.each([
    ["no engine", { authenticate }, "needs an `engine`"],
    ["no models", { authenticate, engine, models: [] }, "at least one model"],
    ["a base path", { authenticate, engine, basePath: "realtime" }, "cannot be a base path"],
    ["a limit", { authenticate, engine, limits: { maxItems: 0 } }, "`limits.maxItems` must be a number above 0"],
    ["a WebSocket setting", { authenticate, engine, websocket: { pingIntervalMs: -1 } }, "`websocket.pingIntervalMs`"],
  ])("are refused with what to change: %s", (_what, options, message) => {
    expect(() => createRealtimeHandler(options)).toThrow(message);
  });

  it("are refused with what to change: no authenticate", () => {
    // @ts-expect-error: what a JavaScript host might leave out
    expect(() => createRealtimeHandler({ engine })).toThrow("needs `authenticate`");
  });

  it("are refused with what to change: no keys, or an empty one", () => {
    expect(() => apiKeys([])).toThrow("at least one key");
    expect(() => apiKeys(["a", " "])).toThrow("empty key");
  });
});

describe("credentials", () => {
  it("masks short keys wholly and long ones mostly", () => {
    expect(maskKey("short")).toBe("*****");
    expect(maskKey("sk-0123456789abcdef")).toBe("sk-0********cdef");
    expect(maskKey("sk-\n23456789abcdef\u{1f600}")).not.toMatch(/[^\x21-\x7e]/);
  });

  it("tells the beta header from others", () => {
    expect(asksForBeta(new Headers({ "openai-beta": "assistants=v2, realtime=v1" }))).toBe(true);
    expect(asksForBeta(new Headers({ "openai-beta": "assistants=v2" }))).toBe(false);
  });
});
