import { describe, expect, it } from "vitest";
import { createOffline } from "../providers/local";
import { apiKeys } from "./door/auth";
import { missingLlm } from "./engine/missing";
import { fallback } from "./engine/fallback";
import { pipeline } from "./engine/pipeline";
import { relay } from "./engine/relay";
import type { LanguageModel } from "./engine/types";
import type { RealtimeHandler } from "./handler";
import type { RealtimeHandlerOptions } from "./options";
import { dial, recordingObserver, serve, testHandler } from "./conformance/test-support";
import { connectInMemory, scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone } from "./testing";

const KEY = "sk-kinds-0123456789abcdef";
const PATH = "/v1/realtime/translations";
const engineWith = (llm: LanguageModel) =>
  pipeline({ stt: scriptedStt(), llm, tts: scriptedTts({ msPerChar: 5 }), vad: scriptedVad() });
const able = () => engineWith(scriptedLlm({ reply: "Hola." }));
const withKey = (options: Partial<RealtimeHandlerOptions> = {}) =>
  testHandler({ authenticate: apiKeys([KEY]), engine: able(), ...options });

async function mint(handler: RealtimeHandler, body: unknown, path = `${PATH}/client_secrets`) {
  const response = await handler.fetch(
    new Request(`http://x${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const session = { model: "gpt-realtime-translate", audio: { output: { language: "fr" } } };

describe("POST /v1/realtime/translations/client_secrets", () => {
  it("answers in the official shape, and the secret opens such sessions and no others", async () => {
    const handler = withKey();
    const { status, body } = await mint(handler, { session, expires_after: { anchor: "created_at", seconds: 60 } });
    expect(status).toBe(200);
    expect(body).toEqual({
      value: expect.stringMatching(/^ek_/) as string,
      expires_at: expect.any(Number) as number,
      session: {
        id: expect.stringMatching(/^sess_/) as string,
        type: "translation",
        model: "gpt-realtime-translate",
        expires_at: body["expires_at"],
        audio: { input: { noise_reduction: null, transcription: null }, output: { language: "fr" } },
      },
    });
    const apiKey = String(body["value"]);
    const host = await serve(handler);
    for (const path of [PATH, `${PATH}?model=gpt-realtime-translate`]) {
      const client = await dial(host, { path, apiKey });
      expect((await client.next("session.created")).session).toMatchObject({
        model: "gpt-realtime-translate",
        audio: { output: { language: "fr" } },
      });
    }
    for (const path of ["/v1/realtime", "/v1/realtime?intent=transcription"]) {
      const client = await dial(host, { path, apiKey });
      expect((await client.next("error")).error).toMatchObject({ code: "client_secret_mismatch" });
      expect(await client.closed).toMatchObject({ code: 4000 });
    }
  });

  it.each<[string, unknown, number, string, string | null]>([
    ["no session", {}, 400, "missing_required_parameter", "session"],
    ["no model", { session: {} }, 400, "missing_required_parameter", "session.model"],
    ["an unknown model", { session: { model: "gpt-5" } }, 400, "invalid_model", "model"],
    ["another kind", { session: { type: "realtime", model: "antiphon" } }, 400, "invalid_value", "session.type"],
    ["an unknown field", { session: { ...session, voice: "x" } }, 400, "unknown_parameter", "session.voice"],
    [
      "no language",
      { session: { model: "antiphon", audio: { output: { language: "elvish" } } } },
      400,
      "invalid_value",
      "session.audio.output.language",
    ],
    ["too long a life", { session, expires_after: { seconds: 9_999 } }, 400, "integer_above_max_value", null],
  ])("refuses %s", async (_what, body, status, code, param) => {
    const refused = await mint(withKey(), body);
    expect(refused.status).toBe(status);
    expect(refused.body["error"]).toMatchObject({ code, ...(param !== null && { param }) });
  });

  it("a secret for conversations opens no translation", async () => {
    const handler = withKey();
    const { body } = await mint(handler, { session: { type: "realtime" } }, "/v1/realtime/client_secrets");
    const { client } = connectInMemory(handler, { path: PATH, apiKey: String(body["value"]) });
    expect((await client.next("error")).error.code).toBe("client_secret_mismatch");
  });
});

describe("who cannot translate", () => {
  const dead = relay({ url: "ws://127.0.0.1:9/v1/realtime" });
  it.each<[string, NonNullable<RealtimeHandlerOptions["engine"]>, string]>([
    ["the built-in responder", engineWith(createOffline()), "cannot translate. To connect a real model"],
    ["no model", engineWith(missingLlm("There is no model here.")), "There is no model here."],
    [
      "a model that the built-in responder stands in for",
      fallback([able(), engineWith(createOffline())]),
      "cannot translate",
    ],
    ["a relay", dead, "does not offer translation"],
  ])("says so in one clear error: %s", async (_who, engine, message) => {
    const handler = withKey({ engine });
    const { client } = connectInMemory(handler, { path: PATH, apiKey: KEY });
    const { error } = await client.next("error");
    expect(error).toMatchObject({ type: "invalid_request_error", code: "translation_not_offered" });
    expect(error.message).toContain(message);
    expect(await client.closed).toMatchObject({ code: 4000, reason: "invalid_request_error.translation_not_offered" });
    expect(client.events).toHaveLength(1);
    const refused = await mint(handler, { session: { model: "antiphon" } });
    expect(refused.status).toBe(400);
    expect(refused.body["error"]).toMatchObject({ code: "translation_not_offered" });
  });
});

describe("kinds of session", () => {
  it("are told to observers", async () => {
    const observer = recordingObserver();
    const handler = withKey({ observers: [observer] });
    for (const [path, query] of [
      ["/v1/realtime", {}],
      ["/v1/realtime", { intent: "transcription" }],
      [PATH, {}],
    ] as [string, Record<string, string>][]) {
      const model = query["intent"] === undefined ? "antiphon" : null;
      const { client } = connectInMemory(handler, { path, query, model, apiKey: KEY });
      await client.next("session.created");
    }
    expect([...new Set(observer.seen.map(({ info }) => info.kind))]).toEqual([
      "realtime",
      "transcription",
      "translation",
    ]);
  });

  it("a translation is flushed when the server closes", async () => {
    const handler = withKey();
    const { client } = connectInMemory(handler, { path: PATH, apiKey: KEY });
    await client.next("session.created");
    const { samples } = tone({ ms: 800 });
    client.sendRaw(
      JSON.stringify({
        type: "session.input_audio_buffer.append",
        audio: Buffer.from(samples.buffer).toString("base64"),
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    await handler.close({ drainMs: 5_000 });
    expect(client.events.map(({ type }) => type)).toContain("session.output_audio.delta");
    expect(client.events.at(-1)?.type).toBe("session.closed");
  });

  it("a plain GET of the translation path says what it is for", async () => {
    const response = await withKey().fetch(new Request(`http://x${PATH}`));
    expect(response.status).toBe(426);
  });
});
