/** The official `openai` package as it ships, versions 6 and 7: only the base URL differs from its documentation. */
import OpenAI6 from "openai";
import { OpenAIRealtimeWS as Realtime6 } from "openai/realtime/ws";
import OpenAI7 from "openai-latest";
import { OpenAIRealtimeWS as Realtime7 } from "openai-latest/realtime/ws";
import type { RealtimeServerEvent } from "openai-latest/resources/realtime/realtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { tone } from "../realtime/testing";
import { scriptedEngine } from "../realtime/test-support";
import { KEY, startTlsServer, type TlsServer } from "./tls-server";

type Event<T extends RealtimeServerEvent["type"]> = Extract<RealtimeServerEvent, { type: T }>;

interface Connection {
  send(event: Record<string, unknown>): void;
  /** The first event of that type that was not asked for yet. */
  next<T extends RealtimeServerEvent["type"]>(type: T): Promise<Event<T>>;
  readonly errors: Error[];
}

const versions = [
  {
    name: "openai 6",
    open: ({ baseURL, ca }: TlsServer, apiKey = KEY) =>
      new Realtime6({ model: "gpt-realtime", options: { ca } }, new OpenAI6({ apiKey, baseURL })),
  },
  {
    name: "openai 7",
    open: ({ baseURL, ca }: TlsServer, apiKey = KEY) =>
      new Realtime7({ model: "gpt-realtime", options: { ca } }, new OpenAI7({ apiKey, baseURL })),
  },
] as const;

describe.each(versions)("$name over wss", ({ open }) => {
  function connect(server: TlsServer, apiKey?: string): Connection {
    const client = open(server, apiKey) as Realtime7;
    const errors: Error[] = [];
    const unread: RealtimeServerEvent[] = [];
    client.on("error", (error) => errors.push(error));
    client.on("event", (event) => unread.push(event));
    onTestFinished(() => client.close());
    return {
      errors,
      send: (event) => client.send(event as never),
      async next<T extends RealtimeServerEvent["type"]>(type: T) {
        const find = (): number => unread.findIndex((event) => event.type === type);
        await expect.poll(find, { timeout: 5_000 }).toBeGreaterThanOrEqual(0);
        return unread.splice(find(), 1)[0] as Event<T>;
      },
    };
  }

  it("holds a text conversation", async () => {
    const client = connect(await startTlsServer(scriptedEngine({ reply: "It is noon." })));
    const { session } = await client.next("session.created");
    expect(session).toMatchObject({ type: "realtime", model: "gpt-realtime" });
    client.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
    await client.next("session.updated");
    client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "What time is it?" }] },
    });
    client.send({ type: "response.create" });
    expect((await client.next("response.output_text.done")).text).toBe("It is noon.");
    expect((await client.next("response.done")).response.status).toBe("completed");
    expect(client.errors).toEqual([]);
  });

  it("speaks and is answered with sound", async () => {
    const client = connect(await startTlsServer(scriptedEngine({ reply: "It is noon." })));
    await client.next("session.created");
    client.send({
      type: "session.update",
      session: { type: "realtime", audio: { input: { transcription: { model: "whisper-1" } } } },
    });
    await client.next("session.updated");
    const speech = [tone({ ms: 600 }), tone({ ms: 1_000, amplitude: 0 })];
    for (const { samples } of speech) {
      client.send({ type: "input_audio_buffer.append", audio: Buffer.from(samples.buffer).toString("base64") });
    }
    expect((await client.next("conversation.item.input_audio_transcription.completed")).transcript).toBe(
      "what time is it",
    );
    expect((await client.next("response.output_audio.delta")).delta.length).toBeGreaterThan(100);
    expect((await client.next("response.output_audio_transcript.done")).transcript).toBe("It is noon.");
  });

  it("calls a function and hears the answer to its result", async () => {
    const engine = scriptedEngine({
      reply: (_request, index) =>
        index === 0 ? [{ toolCall: { name: "clock", arguments: { zone: "utc" } } }] : "Noon.",
    });
    const client = connect(await startTlsServer(engine));
    await client.next("session.created");
    client.send({
      type: "session.update",
      session: {
        type: "realtime",
        output_modalities: ["text"],
        tools: [{ type: "function", name: "clock", parameters: { type: "object" } }],
      },
    });
    await client.next("session.updated");
    client.send({ type: "response.create" });
    const call = await client.next("response.function_call_arguments.done");
    expect(JSON.parse(call.arguments)).toEqual({ zone: "utc" });
    await client.next("response.done");
    client.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: call.call_id, output: "12:00" },
    });
    client.send({ type: "response.create" });
    expect((await client.next("response.output_text.done")).text).toBe("Noon.");
  });

  it("is told of its mistakes through its own error event", async () => {
    const client = connect(await startTlsServer(scriptedEngine({})));
    await client.next("session.created");
    client.send({ type: "response.cancel", event_id: "mine" });
    await expect.poll(() => client.errors.length).toBe(1);
    expect(client.errors[0]).toMatchObject({ error: { code: "response_cancel_not_active", event_id: "mine" } });
  });

  it("is told of a wrong key", async () => {
    const client = connect(await startTlsServer(scriptedEngine({})), "sk-wrong");
    await expect.poll(() => client.errors.length).toBeGreaterThan(0);
    expect(client.errors[0]).toMatchObject({ error: { code: "invalid_api_key" } });
  });
});

describe("openai 7, REST", () => {
  it("mints a client secret that opens a session configured by it", async () => {
    const server = await startTlsServer(scriptedEngine({}));
    // The REST side of the SDK has no option for an authority, so it is asked without TLS: the routes are the same.
    const { apiKeys, createRealtimeHandler } = await import("../realtime");
    const realtime = createRealtimeHandler({ engine: scriptedEngine({}), authenticate: apiKeys([KEY]) });
    const client = new OpenAI7({
      apiKey: KEY,
      baseURL: server.baseURL,
      fetch: (url, init) => realtime.fetch(new Request(url, init as RequestInit)),
    });
    const secret = await client.realtime.clientSecrets.create({
      expires_after: { anchor: "created_at", seconds: 60 },
      session: { type: "realtime", instructions: "Be brief." },
    });
    expect(secret.value).toMatch(/^ek_/);
    expect(secret.session).toMatchObject({ type: "realtime", instructions: "Be brief." });
    expect(secret.expires_at - Date.now() / 1000).toBeGreaterThan(50);
  });
});
