import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import express from "express";
import { OpenAI } from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createAuthority, issueCertificate } from "../tls/authority";
import { apiKeys } from "./door/auth";
import { dial, listen, recordingObserver, serve, testHandler, textEngine, textTurn } from "./conformance/test-support";
import { pipeline } from "./engine/pipeline";
import type { TextToSpeech } from "./engine/types";
import { RealtimeTestClient } from "./testing/client";
import { scriptedLlm, scriptedStt, scriptedTts } from "./testing/providers";
import { tone } from "./testing/tone";

const MIB = 1024 * 1024;

/** What the server answers to an upgrade that does not become a WebSocket. */
async function upgradeAnswer(
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const [hostname, port] = host.split(":");
  const asked = request({ hostname, port, path, headers: { connection: "Upgrade", upgrade: "websocket", ...headers } });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return response;
}

const echo = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
  if (req.url !== "/echo") return;
  new WebSocketServer({ noServer: true }).handleUpgrade(req, socket, head, (client) => {
    client.on("message", (data) => client.send(`echo ${String(data)}`));
  });
};

async function echoes(host: string): Promise<string> {
  const socket = new WebSocket(`ws://${host}/echo`);
  await once(socket, "open");
  socket.send("hello");
  const [data] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return data.toString();
}

describe("mounted into node:http", () => {
  it("holds a conversation and leaves the host's own routes to the host", async () => {
    const handler = testHandler();
    const host = await serve(handler, (req, res) => handler.middleware(req, res, () => res.end("the host's own page")));
    expect(await textTurn(await dial(host))).toBe("Hello there.");
    expect(await (await fetch(`http://${host}/page`)).text()).toBe("the host's own page");
    expect(await (await fetch(`http://${host}/v1/realtimes`)).text()).toBe("the host's own page");
    expect((await fetch(`http://${host}/v1/realtime`)).status).toBe(426);
  });

  it("answers foreign paths itself when it stands alone", async () => {
    const host = await serve(testHandler());
    const response = await fetch(`http://${host}/page`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { code: "unknown_url", message: "Unknown request URL: GET /page." },
    });
  });

  it.each(["before", "after"])("leaves other WebSockets of the host alone that came %s it", async (when) => {
    const handler = testHandler();
    const server = createServer(handler.middleware);
    if (when === "before") server.on("upgrade", echo);
    handler.attach(server);
    if (when === "after") server.on("upgrade", echo);
    const host = await listen(server);
    expect(await echoes(host)).toBe("echo hello");
    await (await dial(host)).next("session.created");
    expect(await echoes(host)).toBe("echo hello");
  });

  it("answers foreign upgrades with 404 when nobody else listens, so that they do not hang", async () => {
    const server = createServer();
    testHandler().attach(server);
    testHandler({ basePath: "/other/realtime" }).attach(server);
    const host = await listen(server);
    expect((await upgradeAnswer(host, "/foreign")).statusCode).toBe(404);
    expect((await upgradeAnswer(host, "/v1/realtime/unknown")).statusCode).toBe(404);
    await (await dial(host)).next("session.created");
    await (await dial(host, { path: "/other/realtime?model=antiphon" })).next("session.created");
  });

  it("leaves the host's pages to clients that offer another protocol, as curl does", async () => {
    const handler = testHandler();
    const host = await serve(handler, (req, res) => handler.middleware(req, res, () => res.end("the host's own page")));
    const response = await upgradeAnswer(host, "/page", { upgrade: "h2c", connection: "Upgrade, HTTP2-Settings" });
    expect(response.statusCode).toBe(200);
    expect((await response.toArray()).join("")).toBe("the host's own page");
  });

  it("adds one listener, and takes it off when detached or closed", async () => {
    const server = createServer();
    const handler = testHandler();
    const detach = handler.attach(server);
    handler.attach(server, { path: "/also" });
    expect(server.listenerCount("upgrade")).toBe(2);
    detach();
    expect(server.listenerCount("upgrade")).toBe(1);
    await handler.close();
    expect(server.listenerCount("upgrade")).toBe(0);
  });

  it("hands over single upgrades to a host that owns the event", async () => {
    const handler = testHandler();
    const server = createServer();
    const taken: boolean[] = [];
    server.on("upgrade", (req, socket, head) => {
      taken.push(handler.handleUpgrade(req, socket, head));
      if (!taken.at(-1)) socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
    });
    const host = await listen(server);
    await (await dial(host)).next("session.created");
    expect((await upgradeAnswer(host, "/foreign")).statusCode).toBe(418);
    expect(taken).toEqual([true, false]);
  });

  it("survives upgrades that are no WebSocket handshakes, and sockets that break", async () => {
    const host = await serve(testHandler());
    expect((await upgradeAnswer(host, "/v1/realtime?model=antiphon")).statusCode).toBe(400);
    expect((await upgradeAnswer(host, "/v1/realtime?model=antiphon", { upgrade: "h2c" })).statusCode).toBe(426);
    const [hostname = "", port] = host.split(":");
    for (const target of ["//", "/%", "http://[/v1/realtime", "/v1/realtime/../x"]) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 40[04] /);
      socket.resetAndDestroy();
    }
    await (await dial(host)).next("session.created");
  });

  it("refuses web pages of foreign origins before the upgrade", async () => {
    const host = await serve(testHandler({ origins: ["https://app.example.com"] }));
    expect((await upgradeAnswer(host, "/v1/realtime", { origin: "https://evil.example.com" })).statusCode).toBe(403);
    await (await dial(host, { headers: { origin: "https://app.example.com" } })).next("session.created");
    await (await dial(host)).next("session.created");
  });
});

describe("mounted into node:https", () => {
  it("serves the official client, which always dials wss", async () => {
    const authority = await createAuthority(Date.now());
    const { cert, key } = await issueCertificate({ authority, names: ["127.0.0.1"], now: Date.now() });
    const handler = testHandler({ authenticate: apiKeys(["sk-official"]) });
    const server = createHttpsServer({ cert, key }, handler.middleware);
    handler.attach(server);
    const host = await listen(server);
    const openai = new OpenAI({ apiKey: "sk-official", baseURL: `http://${host}/v1` });
    const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime", options: { ca: authority.cert } }, openai);
    const done = new Promise<string>((resolve, reject) => {
      realtime.on("error", reject);
      realtime.on("response.output_text.done", (event) => resolve(event.text));
    });
    realtime.on("session.created", () => {
      realtime.send({ type: "response.create", response: { output_modalities: ["text"] } });
    });
    expect(await done).toBe("Hello there.");
    realtime.close();
  });
});

describe("mounted into Express 5", () => {
  it("works behind body parsers and in front of the host's routes", async () => {
    const handler = testHandler({ authenticate: apiKeys(["sk-express"]) });
    const app = express();
    app.use(express.json(), express.text());
    app.use(handler.middleware);
    app.get("/page", (_req, res) => void res.send("the host's own page"));
    app.post("/json", (req, res) => void res.json(req.body));
    const server = createServer(app);
    handler.attach(server);
    const host = await listen(server);
    const minted = await new OpenAI({
      apiKey: "sk-express",
      baseURL: `http://${host}/v1`,
    }).realtime.clientSecrets.create({
      session: { type: "realtime", instructions: "Be brief." },
    });
    const client = await dial(host, { apiKey: minted.value });
    expect((await client.next("session.created")).session).toMatchObject({ instructions: "Be brief." });
    expect(await (await fetch(`http://${host}/page`)).text()).toBe("the host's own page");
    const own = { method: "POST", body: '{"a":1}', headers: { "content-type": "application/json" } };
    expect(await (await fetch(`http://${host}/json`, own)).json()).toEqual({ a: 1 });
  });

  it("works under a sub-path, WebSocket and REST", async () => {
    const handler = testHandler({ authenticate: apiKeys(["sk-express"]) });
    const app = express();
    app.use("/voice", handler.middleware);
    const server = createServer(app);
    handler.attach(server, { path: "/voice/v1/realtime" });
    const host = await listen(server);
    const openai = new OpenAI({ apiKey: "sk-express", baseURL: `http://${host}/voice/v1` });
    const { value } = await openai.realtime.clientSecrets.create({});
    expect((await openai.models.list()).data[0]?.id).toBe("antiphon");
    const client = await dial(host, { path: "/voice/v1/realtime?model=gpt-realtime", apiKey: value });
    expect(await textTurn(client)).toBe("Hello there.");
    expect((await fetch(`http://${host}/v1/models`)).status).toBe(404);
  });
});

describe("over a real socket", () => {
  it("answers frames of 16 MiB with an error and keeps the connection; closes above its limit", async () => {
    const host = await serve(testHandler());
    const client = await dial(host);
    await client.next("session.created");
    client.sendRaw("x".repeat(16 * MIB));
    expect((await client.next("error", { timeoutMs: 10_000 })).error.code).toBe("invalid_json");
    expect(await textTurn(client)).toBe("Hello there.");
    client.sendRaw("x".repeat(25 * MIB));
    expect(await client.closed).toEqual({ code: 1009, reason: "The frame is larger than this server accepts." });
  });

  it("lets go of a client that stops reading once 8 MiB are unsent, and serves the others", async () => {
    const observer = recordingObserver();
    const handler = testHandler({ observers: [observer], websocket: { closeTimeoutMs: 100 } });
    const host = await serve(handler);
    const socket = new WebSocket(`ws://${host}/v1/realtime?model=antiphon`);
    await once(socket, "message");
    socket.pause();
    for (let i = 0; i < 40; i++) {
      const item = { type: "message", role: "user", content: [{ type: "input_text", text: "word ".repeat(MIB / 5) }] };
      socket.send(JSON.stringify({ type: "conversation.item.create", item }));
    }
    await expect
      .poll(() => observer.seen.at(-1)?.observation, { timeout: 10_000 })
      .toMatchObject({ type: "ended", code: 1013, reason: "invalid_request_error.client_too_slow" });
    socket.terminate();
    expect(await textTurn(await dial(host))).toBe("Hello there.");
  });

  it("makes the voice wait for a client that stops reading, and goes on with it", async () => {
    let made = 0;
    const endless: TextToSpeech = {
      ...scriptedTts(),
      async *synthesize({ signal }) {
        for (; !signal.aborted; made++) yield tone({ ms: 1_000 });
      },
    };
    const handler = testHandler({ engine: pipeline({ stt: scriptedStt(), llm: scriptedLlm(), tts: endless }) });
    const host = await serve(handler);
    const socket = new WebSocket(`ws://${host}/v1/realtime?model=antiphon`);
    await once(socket, "message");
    socket.pause();
    // Beside the conversation, so that only the reader sets the pace.
    socket.send(JSON.stringify({ type: "response.create", response: { conversation: "none" } }));
    const stalledAt = async (): Promise<number> => {
      let before = -1;
      while (before !== made || made === 0) {
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return made;
    };
    const stalled = await stalledAt();
    socket.resume();
    await expect.poll(() => made).toBeGreaterThan(stalled + 20);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
    await stalledAt();
  });

  it("gives up a peer that stopped answering pings", async () => {
    const observer = recordingObserver();
    const host = await serve(testHandler({ observers: [observer], websocket: { pingIntervalMs: 30 } }));
    const socket = new WebSocket(`ws://${host}/v1/realtime?model=antiphon`);
    await once(socket, "message");
    socket.pause();
    await expect
      .poll(() => observer.seen.at(-1)?.observation)
      .toMatchObject({ type: "ended", code: 1006, reason: "The peer stopped answering." });
  });

  it("drains: nobody new, the running reply ends, then 1001", async () => {
    const handler = testHandler({ engine: textEngine({ reply: [{ wait: 150 }, "To the end."] }) });
    const host = await serve(handler);
    const client = await dial(host);
    await client.next("session.created");
    client.send({ type: "response.create", response: { output_modalities: ["text"] } });
    await client.next("response.created");
    const closing = handler.close({ drainMs: 5_000 });
    expect((await upgradeAnswer(host, "/v1/realtime?model=antiphon")).statusCode).toBe(503);
    expect((await fetch(`http://${host}/v1/models`)).status).toBe(503);
    expect((await client.next("response.output_text.done")).text).toBe("To the end.");
    await client.next("response.done");
    expect(await client.closed).toEqual({ code: 1001, reason: "server_shutting_down" });
    await closing;
  });

  it("says why a dial was refused", async () => {
    const host = await serve(testHandler());
    await expect(RealtimeTestClient.connect(`ws://${host}/nowhere`)).rejects.toThrow("404");
  });
});
