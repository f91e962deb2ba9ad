import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createFlite, findPocketsphinx } from "antiphon/providers/local";
import { RealtimeTestClient } from "antiphon/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { concatPcm } from "../server/realtime/audio/pcm";
import { resampleAll } from "../server/realtime/audio/resample";
import { startMcpServer } from "../server/providers/mcp/test-server";
import type { ServerTool } from "../server/realtime";
import { runTool } from "../server/realtime/tools/run-tool";
import { webhookTool } from "../server/tools/webhook";
import { startSpeechServer } from "../server/providers/openai/test-server";

const root = fileURLToPath(new URL("..", import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts an example as its first line says; resolves when it listens. */
async function start(example: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", `examples/${example}`], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1", PORT: String(port), ...env },
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    await rm(new URL("next/.next", import.meta.url), { recursive: true, force: true, maxRetries: 5 });
  });
  let output = "";
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  await expect
    .poll(() => child.exitCode !== null || /key sk-example|^Webhook/m.test(output), { timeout: 50_000 })
    .toBe(true);
  if (child.exitCode !== null) throw new Error(`${example} ended: ${output}`);
  return `localhost:${port}`;
}

/** Flite's, at 24 kHz. */
async function speech(text: string): Promise<Int16Array> {
  const flite = await createFlite();
  onTestFinished(() => flite.close?.());
  const { signal } = new AbortController();
  const chunks: Int16Array[] = [];
  for await (const said of flite.synthesize({ text, voice: "awb", speed: 1, signal }))
    chunks.push((await resampleAll(said, 24_000)).samples);
  return concatPcm(chunks);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

describe("examples", () => {
  it.each([
    ["node-http.ts", "/v1"],
    ["express.ts", "/voice/v1"],
    ["fastify.ts", "/v1"],
    ["hono.ts", "/v1"],
    ["webrtc.ts", "/v1"],
    ["next/server.ts", "/v1"],
  ])("%s speaks, mints secrets, and serves its own page", { timeout: 60_000 }, async (example, base) => {
    const host = await start(example);
    const minted = await fetch(`http://${host}${base}/realtime/client_secrets`, {
      method: "POST",
      headers: { authorization: "Bearer sk-example", "content-type": "application/json" },
      body: "{}",
    });
    const { value } = (await minted.json()) as { value: string };
    const client = await RealtimeTestClient.connect(`ws://${host}${base}/realtime?model=gpt-realtime`, {
      apiKey: value,
    });
    await client.next("session.created");
    client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hello!" }] },
    });
    client.send({ type: "response.create" });
    const spoken = await client.collectUntil("response.done", { timeoutMs: 20_000 });
    expect(spoken.some(({ type }) => type === "response.output_audio.delta")).toBe(true);
    expect(spoken.at(-1)).toMatchObject({ response: { status: "completed" } });
    await client.close();
    expect(await (await fetch(`http://${host}/`)).text()).toContain("My own page");
  });

  it("captions.ts gives its page a key that hears, and nothing else", { timeout: 60_000 }, async () => {
    const host = await start("captions.ts");
    expect(await (await fetch(`http://${host}/`)).text()).toContain("Live captions");
    const { value } = (await (await fetch(`http://${host}/captions-key`, { method: "POST" })).json()) as {
      value: string;
    };
    const client = await RealtimeTestClient.connect(`ws://${host}/v1/realtime?intent=transcription`, { apiKey: value });
    expect((await client.next("session.created")).session).toMatchObject({ type: "transcription" });
    await client.appendPcm(bytesOf(await speech("Good morning.")));
    await client.appendPcm(Buffer.alloc(48_000));
    const heard = await client.next(({ type }) => /transcription.(completed|failed)$/.test(type), {
      timeoutMs: 20_000,
    });
    const hears = (await findPocketsphinx()) !== undefined && process.env.OPENAI_API_KEY === undefined;
    if (hears) expect(heard).toMatchObject({ transcript: expect.stringContaining("morning") as string });
    else expect(heard).toHaveProperty("item_id");
    await client.close();
  });
});

describe("examples of what acts", () => {
  async function talkTo(example: string, env?: Readonly<Record<string, string>>): Promise<RealtimeTestClient> {
    const host = await start(example, env);
    const url = `ws://${host}/v1/realtime?model=gpt-realtime`;
    const client = await RealtimeTestClient.connect(url, { apiKey: "sk-example" });
    onTestFinished(() => void client.close());
    await client.next("session.created");
    return client;
  }

  function update(client: RealtimeTestClient, session: Record<string, unknown>): void {
    const sent = { type: "realtime", output_modalities: ["text"], ...session };
    client.sendRaw(JSON.stringify({ type: "session.update", session: sent }));
  }

  function ask(client: RealtimeTestClient, text: string): void {
    client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
    });
    client.send({ type: "response.create" });
  }

  /** The words of the next reply that has any. */
  async function said(client: RealtimeTestClient): Promise<string> {
    const { text } = await client.next("response.output_text.done", { timeoutMs: 20_000 });
    return text;
  }

  it("server-tool.ts: the offline model uses a tool of the server", { timeout: 60_000 }, async () => {
    const client = await talkTo("server-tool.ts");
    update(client, {});
    ask(client, "What is the weather in Paris?");
    expect(await said(client)).toMatch(/clear/i);
  });

  it("webhook-tool.ts: answers calls that are signed, and no others", { timeout: 60_000 }, async () => {
    const secret = "whsec_c2VjcmV0";
    const url = `http://${await start("webhook-tool.ts", { WEBHOOK_SECRET: secret })}/`;
    const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const weather = (signedWith: string) =>
      webhookTool({ name: "weather", parameters, url, secret: signedWith, fetch });
    const { signal } = new AbortController();
    const context = { sessionId: "sess_1", callId: "call_1", tenant: "acme" };
    const ask = (tool: ServerTool) => runTool({ tool, args: { city: "Paris" }, context, signal });
    expect(await ask(weather(secret))).toMatchObject({ ok: true, output: expect.stringContaining("Paris") as string });
    expect(await ask(weather("whsec_b3RoZXI="))).toMatchObject({
      ok: false,
      output: expect.stringContaining("401") as string,
    });
  });

  it("client-tool.ts: the client carries a call out, and hears what came of it", { timeout: 60_000 }, async () => {
    const host = await start("node-http.ts");
    const [entry, env] = ["examples/client-tool.ts", { ...process.env, BASE_URL: `http://${host}/v1` }];
    const client = spawn(process.execPath, ["--import", "tsx", entry], { cwd: root, env });
    onTestFinished(() => void client.kill("SIGKILL"));
    const [said, [code]] = await Promise.all([text(client.stdout), once(client, "exit")]);
    expect(said).toMatch(/^battery_level: .*83[^]*83/);
    expect(code).toBe(0);
  });

  it("mcp.ts: and one of an MCP server, after an approval", { timeout: 60_000 }, async () => {
    const town = await startMcpServer();
    onTestFinished(() => town.close());
    const client = await talkTo("mcp.ts");
    update(client, {
      tools: [{ type: "mcp", server_label: "town", server_url: town.url, require_approval: "always" }],
    });
    await client.next("mcp_list_tools.completed", { timeoutMs: 20_000 });
    ask(client, "What is the weather in Oslo?");
    for (;;) {
      const { item } = await client.next("conversation.item.done", { timeoutMs: 20_000 });
      if (item.type !== "mcp_approval_request") continue;
      const answer = { type: "mcp_approval_response", approval_request_id: item.id, approve: true } as const;
      client.send({ type: "conversation.item.create", item: answer });
      break;
    }
    await client.next("response.mcp_call.completed", { timeoutMs: 20_000 });
    client.send({ type: "response.create" });
    expect(await said(client)).toContain("Sunny in Oslo");
  });

  it("guardrail.ts: a number is kept to itself", { timeout: 60_000 }, async () => {
    const client = await talkTo("guardrail.ts");
    update(client, {});
    ask(client, "Repeat after me: 4111 1111 1111 1111");
    expect(await said(client)).toContain("That number I keep to myself.");
  });

  it(
    "speech-to-speech.ts: a model hears, uses a tool, and answers with its own voice",
    { timeout: 60_000 },
    async () => {
      const upstream = await startSpeechServer({
        speak: speech,
        answer: ({ messages, heard }) => {
          const last = messages.at(-1);
          if (last?.role === "tool") return { say: `It is ${/\d+:\d+/.exec(String(last.content))?.[0]}.` };
          return heard === undefined ? { say: "I hear nothing." } : { call: "clock", arguments: {} };
        },
      });
      onTestFinished(() => upstream.close());
      const client = await talkTo("speech-to-speech.ts", { OPENAI_BASE_URL: upstream.baseURL, OPENAI_API_KEY: "sk-x" });
      await client.appendPcm(bytesOf(await speech("What time is it?")));
      await client.appendPcm(Buffer.alloc(2 * 48_000));
      const { transcript } = await client.next("response.output_audio_transcript.done", { timeoutMs: 30_000 });
      expect(transcript).toMatch(/^It is \d/);
      expect(client.events.map(({ type }) => type)).toContain("response.output_audio.delta");
      expect(upstream.asked[0]?.heard?.sampleRate).toBe(24_000);
    },
  );

  it("agents.ts: an agent hands over to another", { timeout: 60_000 }, async () => {
    const client = await talkTo("agents.ts");
    update(client, { prompt: { id: "desk", variables: { hotel: "the Ritz" } } });
    const { session } = await client.next("session.updated");
    expect(session).toMatchObject({ instructions: "You are the front desk of the Ritz. Be brief." });
    ask(client, "Transfer me to the kitchen, please.");
    expect((await client.next("session.updated", { timeoutMs: 20_000 })).session).toMatchObject({
      instructions: "You are the kitchen. Take orders.",
    });
  });
});
