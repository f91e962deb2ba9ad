import { OpenAI } from "openai-latest";
import { describe, expect, it } from "vitest";
import { apiKeys } from "../door/auth";
import { dial, scriptedEngine, serve, testHandler } from "../conformance/test-support";

const KEY = "sk-beta-0123456789abcdef";
const BETA = { "openai-beta": "realtime=v1" };

async function start() {
  const host = await serve(testHandler({ engine: scriptedEngine({}), authenticate: apiKeys([KEY]) }));
  const client = new OpenAI({ apiKey: KEY, baseURL: `http://${host}/v1`, maxRetries: 0 });
  const post = async (path: string, body: object) => {
    const response = await fetch(`http://${host}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { host, client, post };
}

describe("the beta form of client secrets", () => {
  it("holds the secret inside of the session, which opens as it was shown", async () => {
    const { host, client } = await start();
    const session = await client.beta.realtime.sessions.create({
      model: "gpt-4o-realtime-preview",
      modalities: ["text"],
      instructions: "Be kind.",
      temperature: 0.7,
      turn_detection: { type: "server_vad", threshold: 0.4 },
      client_secret: { expires_after: { anchor: "created_at", seconds: 60 } },
    });
    const shown = {
      object: "realtime.session",
      model: "gpt-4o-realtime-preview",
      modalities: ["text"],
      instructions: "Be kind.",
      temperature: 0.7,
      turn_detection: { type: "server_vad", threshold: 0.4 },
    };
    expect(session).toMatchObject(shown);
    expect(session).not.toHaveProperty("expires_at");
    expect(session.client_secret.value).toMatch(/^ek_/);
    expect(session.client_secret.expires_at - Date.now() / 1000).toBeCloseTo(60, -1);
    const opened = await dial(host, {
      path: "/v1/realtime",
      protocols: ["realtime", `openai-insecure-api-key.${session.client_secret.value}`, "openai-beta.realtime-v1"],
    });
    await opened.next("session.created");
    expect(opened.events[0]).toMatchObject({ session: shown });
  });

  it("comes for transcription sessions too", async () => {
    const { host, client } = await start();
    const session = await client.beta.realtime.transcriptionSessions.create({
      input_audio_format: "g711_ulaw",
      input_audio_transcription: { model: "whisper-1", language: "en" },
    });
    const shown = {
      object: "realtime.transcription_session",
      input_audio_format: "g711_ulaw",
      input_audio_transcription: { model: "whisper-1", language: "en" },
    };
    expect(session).toMatchObject(shown);
    const opened = await dial(host, {
      path: "/v1/realtime?intent=transcription",
      apiKey: session.client_secret.value,
      headers: BETA,
    });
    await opened.next("transcription_session.created" as never);
    expect(opened.events[0]).toMatchObject({ session: shown });
  });

  it.each([
    ["/v1/realtime/sessions", { voice: 1 }, { param: "voice", code: "invalid_type" }],
    ["/v1/realtime/sessions", { type: "realtime" }, { param: "type", message: "Unknown parameter: 'type'." }],
    ["/v1/realtime/sessions", { session: {} }, { param: "session", code: "unknown_parameter" }],
    ["/v1/realtime/sessions", { temperature: 2 }, { param: "temperature", code: "decimal_above_max_value" }],
    ["/v1/realtime/sessions", { model: "mine" }, { code: "invalid_model" }],
    [
      "/v1/realtime/sessions",
      { input_audio_noise_reduction: { type: "near_field" } },
      { param: "input_audio_noise_reduction" },
    ],
    ["/v1/realtime/transcription_sessions", { voice: "alloy" }, { param: "voice", code: "unknown_parameter" }],
    ["/v1/realtime/client_secrets", { session: { type: "realtime", voice: "alloy" } }, { param: "session.voice" }],
  ])("%s refuses %j", async (path, body, error) => {
    const { post } = await start();
    expect(await post(path, body)).toMatchObject({ status: 400, body: { error } });
  });

  it("is found where Azure's beta clients look for it", async () => {
    const { post } = await start();
    const { status, body } = await post("/openai/realtimeapi/sessions?api-version=2025-04-01-preview", {
      model: "antiphon",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ client_secret: { value: expect.stringMatching(/^ek_/) as string } });
  });
});
