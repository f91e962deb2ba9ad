import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import express from "express";
import type { ClientSecretCreateResponse } from "openai-latest/resources/realtime/client-secrets";
import { OpenAI } from "openai";
import { describe, expect, it, vi } from "vitest";
import { allowAnyone, apiKeys } from "./door/auth";
import type { RealtimeHandler } from "./handler";
import type { RealtimeHandlerOptions } from "./options";
import { hashSecret, memorySecretStore } from "./door/secrets";
import type { StoredSecret } from "./door/secrets";
import { dial, listen, serve, testHandler, textEngine } from "./conformance/test-support";
import { connectInMemory } from "./testing/realtime";

const KEY = "sk-rest-0123456789abcdef";
const AUTH = { authorization: `Bearer ${KEY}` };
const JSON_TYPE = { "content-type": "application/json" };

const withKey = (options: Partial<RealtimeHandlerOptions> = {}) =>
  testHandler({ authenticate: apiKeys([KEY]), ...options });

async function post(handler: RealtimeHandler, body: unknown, headers: Record<string, string> = AUTH) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await handler.fetch(
    new Request("http://x/v1/realtime/client_secrets", {
      method: "POST",
      headers: { ...JSON_TYPE, ...headers },
      body: text,
    }),
  );
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const get = (handler: RealtimeHandler, path: string, init: RequestInit = { headers: AUTH }) =>
  handler.fetch(new Request(`http://x${path}`, init));

describe("POST /v1/realtime/client_secrets", () => {
  it("answers in the official shape, with the effective session", async () => {
    const session = {
      type: "realtime",
      model: "gpt-realtime",
      instructions: "Be kind.",
      audio: { output: { speed: 1.2 }, input: { turn_detection: null } },
      tools: [{ type: "function", name: "now", parameters: { type: "object", properties: {} } }],
    };
    const { status, body } = await post(withKey(), { expires_after: { anchor: "created_at", seconds: 60 }, session });
    expect(status).toBe(200);
    const secret = body as unknown as ClientSecretCreateResponse;
    expect(secret.value).toMatch(/^ek_[\w-]{32}$/);
    expect(secret.expires_at - Date.now() / 1000).toBeCloseTo(60, -1);
    expect(secret.session).toMatchObject({
      id: expect.stringMatching(/^sess_/) as string,
      object: "realtime.session",
      ...session,
      output_modalities: ["audio"],
      max_output_tokens: "inf",
      audio: { output: { speed: 1.2, format: { type: "audio/pcm", rate: 24000 } }, input: { turn_detection: null } },
    });
  });

  it("lives ten minutes by default and takes an empty body", async () => {
    for (const body of ["", "{}", { session: { type: "realtime" } }]) {
      const { status, body: secret } = await post(withKey(), body);
      expect(status).toBe(200);
      expect(Number(secret["expires_at"]) - Date.now() / 1000).toBeCloseTo(600, -1);
    }
  });

  it("gives keys that open several sessions with their configuration, the model included", async () => {
    const handler = withKey({ models: { one: textEngine(), two: textEngine() } });
    const { body } = await post(handler, { session: { type: "realtime", model: "two", instructions: "Be brief." } });
    const host = await serve(handler);
    for (const path of ["/v1/realtime", "/v1/realtime?model=two"]) {
      const protocols = ["realtime", `openai-insecure-api-key.${String(body["value"])}`];
      const { session } = await (await dial(host, { path, protocols })).next("session.created");
      expect(session).toMatchObject({ model: "two", instructions: "Be brief." });
    }
  });

  it("builds on the configuration of the key that asks, as an update would", async () => {
    const handler = testHandler({
      authenticate: () => ({
        tenant: "t",
        session: {
          type: "realtime",
          instructions: "Be a pirate.",
          audio: { input: { transcription: { model: "whisper-1" } }, output: { voice: "scripted", speed: 1.5 } },
        },
      }),
    });
    const { body } = await post(handler, {
      session: { type: "realtime", audio: { input: { transcription: { language: "de" } }, output: { speed: 0.5 } } },
    });
    const { client } = connectInMemory(handler, { apiKey: String(body["value"]) });
    expect((await client.next("session.created")).session).toMatchObject({
      instructions: "Be a pirate.",
      audio: { input: { transcription: { model: "whisper-1", language: "de" } }, output: { speed: 0.5 } },
    });
  });

  it("gives keys for transcription sessions, which open those and no others", async () => {
    const handler = withKey();
    const transcription = { model: "whisper-1", language: "en" };
    const { status, body } = await post(handler, {
      session: { type: "transcription", audio: { input: { transcription } } },
    });
    expect(status).toBe(200);
    const session = {
      object: "realtime.transcription_session",
      type: "transcription",
      audio: { input: { transcription } },
    };
    expect(body["session"]).toMatchObject(session);
    const apiKey = String(body["value"]);
    const queries: Record<string, string>[] = [{}, { intent: "transcription" }, { model: "gpt-realtime" }];
    for (const query of queries) {
      const { client } = connectInMemory(handler, { apiKey, model: null, query });
      expect((await client.next("session.created")).session).toMatchObject(session);
    }
    const { client } = connectInMemory(handler, { apiKey, query: { intent: "conversation" } });
    expect((await client.next("error")).error.code).toBe("client_secret_mismatch");
  });

  it("a key's configuration for conversations means nothing to a transcription session", async () => {
    const handler = testHandler({
      authenticate: () => ({ tenant: "t", session: { type: "realtime", instructions: "Be a pirate." } }),
    });
    const { body } = await post(handler, { session: { type: "transcription" } });
    expect(body["session"]).toMatchObject({ type: "transcription" });
    const { client } = connectInMemory(handler, { model: null, query: { intent: "transcription" } });
    expect((await client.next("session.created")).session.type).toBe("transcription");
  });

  it("keeps no secret in clear, and forgets it when it expires", async () => {
    const saved: StoredSecret[] = [];
    const store = memorySecretStore();
    const handler = withKey({
      secrets: { find: store.find, save: (secret) => (saved.push(secret), store.save(secret)) },
    });
    const { body } = await post(handler, {});
    const value = String(body["value"]);
    expect(JSON.stringify(saved)).not.toContain(value);
    expect(saved[0]?.hash).toBe(hashSecret(value));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    try {
      const { client } = connectInMemory(handler, { apiKey: value });
      expect((await client.next("error")).error.code).toBe("invalid_api_key");
      expect((await client.closed).code).toBe(3000);
    } finally {
      vi.useRealTimers();
    }
  });

  it("lets a session outlive its secret", async () => {
    const handler = withKey();
    const { body } = await post(handler, { expires_after: { seconds: 10 } });
    const { client } = connectInMemory(handler, { apiKey: String(body["value"]) });
    await client.next("session.created");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });
    try {
      client.send({ type: "input_audio_buffer.clear" });
      await client.next("input_audio_buffer.cleared");
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not let a secret make another one", async () => {
    const handler = withKey();
    const { body } = await post(handler, {});
    const second = await post(handler, {}, { authorization: `Bearer ${String(body["value"])}` });
    expect(second.status).toBe(403);
    expect(second.body).toMatchObject({ error: { type: "permission_error", code: "insufficient_permissions" } });
  });

  it.each([
    ["no JSON", "{", 400, "invalid_json", null],
    ["no object", "[]", 400, "invalid_type", null],
    ["an unknown field", { nope: 1 }, 400, "unknown_parameter", "nope"],
    ["too short a life", { expires_after: { seconds: 9 } }, 400, "integer_below_min_value", "expires_after.seconds"],
    ["too long a life", { expires_after: { seconds: 7201 } }, 400, "integer_above_max_value", "expires_after.seconds"],
    ["a life of half seconds", { expires_after: { seconds: 10.5 } }, 400, "invalid_type", "expires_after.seconds"],
    ["another anchor", { expires_after: { anchor: "now" } }, 400, "invalid_value", "expires_after.anchor"],
    ["a session without a type", { session: {} }, 400, "missing_required_parameter", "session.type"],
    ["an unknown session field", { session: { type: "realtime", nope: 1 } }, 400, "unknown_parameter", "session.nope"],
    ["another kind of session", { session: { type: "translation" } }, 400, "invalid_value", "session.type"],
    [
      "a model where there is none",
      { session: { type: "transcription", model: "antiphon" } },
      400,
      "unknown_parameter",
      "session.model",
    ],
    ["an unknown model", { session: { type: "realtime", model: "gpt-5" } }, 400, "invalid_model", "model"],
    [
      "what this server cannot do",
      { session: { type: "realtime", prompt: { id: "p" } } },
      400,
      "unsupported_parameter",
      "session.prompt",
    ],
    ["a huge body", `{"session":"${"x".repeat(1024 * 1024)}"}`, 413, "request_too_large", null],
    [
      "a prototype",
      '{"session":{"type":"realtime","__proto__":{"a":1}}}',
      400,
      "unknown_parameter",
      "session.__proto__",
    ],
  ])("refuses %s", async (_what, body, status, code, param) => {
    const refused = await post(withKey(), body);
    expect(refused.status).toBe(status);
    const { error } = refused.body as { error: Record<string, unknown> };
    expect(error).toEqual({ type: "invalid_request_error", code, param, message: expect.any(String) as string });
    expect(String(error["message"]).length).toBeLessThan(500);
  });

  it("refuses other content types, which any web page could send without asking", async () => {
    const { status, body } = await post(withKey(), "{}", { ...AUTH, "content-type": "text/plain" });
    expect(status).toBe(415);
    expect(body).toMatchObject({ error: { code: "unsupported_content_type" } });
  });

  it("refuses a wrong or missing key with 401", async () => {
    const wrong = await post(withKey(), {}, { authorization: "Bearer sk-wrong-0123456789abc" });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get("www-authenticate")).toBe("Bearer");
    expect(wrong.body).toEqual({
      error: {
        message: "Incorrect API key provided: sk-w********9abc.",
        type: "invalid_request_error",
        code: "invalid_api_key",
        param: null,
      },
    });
    expect((await post(withKey(), {}, {})).body).toMatchObject({ error: { code: null } });
  });

  it("holds no more secrets than it may, and makes room as they expire", async () => {
    const store = memorySecretStore({ maxSecrets: 2 });
    const save = (hash: string, expiresAt: number) =>
      store.save({ hash, expiresAt, grant: { tenant: "t", session: { type: "realtime" } } });
    await save("a", Date.now() - 1);
    await save("b", Date.now() + 60_000);
    await save("c", Date.now() + 60_000);
    expect(() => save("d", Date.now() + 60_000)).toThrow("Too many client secrets");
    expect([await store.find("a"), (await store.find("b"))?.hash]).toEqual([undefined, "b"]);
  });
});

describe("GET /v1/models", () => {
  it("lists what may be asked for, as the official client reads it", async () => {
    const host = await serve(withKey({ models: ["antiphon", "gpt-realtime", "team/voice"] }));
    const openai = new OpenAI({ apiKey: KEY, baseURL: `http://${host}/v1`, maxRetries: 0 });
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["antiphon", "gpt-realtime", "team/voice"]);
    expect(await openai.models.retrieve("team/voice")).toMatchObject({
      id: "team/voice",
      object: "model",
      owned_by: "antiphon",
    });
    await expect(openai.models.retrieve("gpt-5")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });
});

describe("routes", () => {
  it("answers unknown paths, wrong methods, HEAD and OPTIONS", async () => {
    const handler = withKey();
    const unknown = await get(handler, "/v1/realtime/nope");
    expect([unknown.status, unknown.headers.get("content-type")]).toEqual([404, "application/json"]);
    expect(await unknown.json()).toMatchObject({ error: { code: "unknown_url" } });
    const wrong = await get(handler, "/v1/realtime/client_secrets");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
    const head = await get(handler, "/v1/models/", { method: "HEAD", headers: AUTH });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await get(handler, "/v1/models", { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    expect((await get(handler, "/v1/models/%ff")).status).toBe(404);
  });

  it("never lets a fault of the host through", async () => {
    const onError = vi.fn();
    const secrets = { find: () => undefined, save: () => Promise.reject(new Error("disk full at /secret/path")) };
    const { status, body } = await post(withKey({ secrets, onError }), {});
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("/secret/path");
    expect(onError).toHaveBeenCalledOnce();
  });

  it("gives pages of the allowed origins their CORS headers, and others none", async () => {
    const handler = withKey({ origins: ["https://app.example.com/"] });
    const preflight = (origin: string) =>
      get(handler, "/v1/realtime/client_secrets", {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization, x-stainless-lang",
        },
      });
    const good = await preflight("https://app.example.com");
    expect(good.status).toBe(204);
    expect(Object.fromEntries(good.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example.com",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": "authorization, x-stainless-lang",
      vary: "Origin",
    });
    expect((await preflight("https://evil.example.com")).headers.get("access-control-allow-origin")).toBeNull();
    const called = await post(handler, {}, { ...AUTH, origin: "https://app.example.com" });
    expect(called.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    const refused = await post(handler, {}, { ...AUTH, origin: "https://evil.example.com" });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const open = await post(withKey(), {}, { ...AUTH, origin: "https://any.example.com" });
    expect([open.status, open.headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});

describe("over node:http", () => {
  const path = "/v1/realtime/client_secrets";

  it("answers an upload that is too large before the client gives up", async () => {
    const host = await serve(withKey());
    const response = await fetch(`http://${host}${path}`, {
      method: "POST",
      headers: { ...AUTH, ...JSON_TYPE },
      body: new Uint8Array(8 * 1024 * 1024).fill(120),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "request_too_large" } });
  });

  it("survives a client that leaves in the middle of its request", async () => {
    const onError = vi.fn();
    const host = await serve(withKey({ onError }));
    const [hostname = "", port] = host.split(":");
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"`,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await fetch(`http://${host}/v1/models`, { headers: AUTH })).status).toBe(200);
    expect(onError).not.toHaveBeenCalled();
  });

  it.each([
    ["TRACE", "/v1/models", 400],
    ["GET", "http://user:password@localhost/v1/models", 400],
    ["PROPFIND", "/v1/models", 405],
    ["GET", "http://localhost/v1/models", 200],
  ])("answers %s %s", async (method, target, status) => {
    const onError = vi.fn();
    const host = await serve(withKey({ onError }));
    const [hostname, port] = host.split(":");
    const asked = request({ hostname, port, method, path: target, headers: { ...AUTH, expect: "100-continue" } });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(status);
    expect(onError).not.toHaveBeenCalled();
  });

  it("survives a strange Host header", async () => {
    const host = await serve(withKey());
    const [hostname, port] = host.split(":");
    const asked = request({ hostname, port, path: "/v1/models", headers: { ...AUTH, host: "a b\\@[::" } });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
  });

  it.each([
    ["express.json()", express.json()],
    ["express.text()", express.text({ type: "*/*" })],
    ["express.raw()", express.raw({ type: "*/*" })],
  ])("reads the body that %s has already read", async (_name, parser) => {
    const handler = testHandler({ authenticate: allowAnyone() });
    const host = await listen(createServer(express().use(parser, handler.middleware)));
    const session = { type: "realtime", instructions: "Kept." };
    const body = JSON.stringify({ session });
    const response = await fetch(`http://${host}${path}`, { method: "POST", headers: JSON_TYPE, body });
    expect(await response.json()).toMatchObject({ session });
  });
});
