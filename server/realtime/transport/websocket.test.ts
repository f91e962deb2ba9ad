import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Transport } from "./types";
import { WebSocketAcceptor } from "./websocket-acceptor";
import type { WebSocketSettings } from "./settings";

const open: { server: Server; clients: WebSocket[] }[] = [];

afterEach(async () => {
  for (const { server, clients } of open.splice(0)) {
    for (const client of clients) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Peer {
  readonly transport: Transport;
  readonly client: WebSocket;
  readonly frames: { text: string; isBinary: boolean }[];
  readonly closed: Promise<{ code: number; reason: string }>;
}

async function pair(settings: Partial<WebSocketSettings> = {}, protocols: string[] = []): Promise<Peer> {
  const acceptor = new WebSocketAcceptor({
    maxFrameBytes: 1024 * 1024,
    pingIntervalMs: 20_000,
    closeTimeoutMs: 200,
    ...settings,
  });
  const server = createServer();
  const accepted = new Promise<Omit<Peer, "client">>((resolve) => {
    server.on("upgrade", (request, socket, head) => {
      acceptor.accept({ request, socket, head }, (transport) => {
        const frames: Peer["frames"] = [];
        const closed = new Promise<{ code: number; reason: string }>((done) => {
          transport.listen({
            onFrame: (frame, isBinary) => frames.push({ text: frame.toString(), isBinary }),
            onClose: (code, reason) => done({ code, reason }),
          });
        });
        resolve({ transport, frames, closed });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, protocols);
  open.push({ server, clients: [client] });
  await once(client, "open");
  return { client, ...(await accepted) };
}

const clientClose = async (client: WebSocket): Promise<{ code: number; reason: string }> => {
  const [code, reason] = (await once(client, "close")) as [number, Buffer];
  return { code, reason: reason.toString() };
};

describe("WebSocketTransport", () => {
  it("carries frames both ways, in order, and says which are binary", async () => {
    const { transport, client, frames } = await pair();
    const received: string[] = [];
    client.on("message", (data) => received.push(String(data)));
    client.send("a");
    client.send(Buffer.from("b"));
    transport.send("1");
    transport.send("2");
    await expect
      .poll(() => frames)
      .toEqual([
        { text: "a", isBinary: false },
        { text: "b", isBinary: true },
      ]);
    await expect.poll(() => received).toEqual(["1", "2"]);
  });

  it("selects `realtime` and never a subprotocol that carries a key", async () => {
    const { client } = await pair({}, ["openai-insecure-api-key.secret", "realtime"]);
    expect(client.protocol).toBe("realtime");
  });

  it("flushes what was sent, then closes with code and reason", async () => {
    const { transport, client, closed } = await pair();
    const received: string[] = [];
    client.on("message", (data) => received.push(String(data)));
    for (let i = 0; i < 50; i++) transport.send("x".repeat(10_000));
    transport.close(4000, "invalid_request_error.invalid_model");
    transport.send("late");
    expect(await clientClose(client)).toEqual({ code: 4000, reason: "invalid_request_error.invalid_model" });
    expect(received).toHaveLength(50);
    expect(await closed).toEqual({ code: 4000, reason: "invalid_request_error.invalid_model" });
  });

  it("shortens a close reason that would not fit, at a whole character", async () => {
    const { transport, client } = await pair();
    transport.close(4000, "é".repeat(100));
    expect((await clientClose(client)).reason).toBe("é".repeat(61));
  });

  it("reports the client's own close", async () => {
    const { client, closed } = await pair();
    client.close(1000, "bye");
    expect(await closed).toEqual({ code: 1000, reason: "bye" });
  });

  it("closes a frame above the limit with 1009 and a reason", async () => {
    const { client, closed } = await pair({ maxFrameBytes: 1000 });
    client.send("x".repeat(2_000_000));
    const seen = await clientClose(client);
    expect(seen).toEqual({ code: 1009, reason: "The frame is larger than this server accepts." });
    expect(await closed).toEqual(seen);
  });

  it("terminates a peer that does not read its close frame within the deadline", async () => {
    const { transport, client, closed } = await pair({ closeTimeoutMs: 50 });
    client.pause();
    for (let i = 0; i < 100; i++) transport.send("x".repeat(200_000));
    const startedAt = Date.now();
    transport.close(1013, "too slow");
    expect(await closed).toEqual({ code: 1013, reason: "too slow" });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it("calls back once room is made, and at once when there is room", async () => {
    const { transport, client } = await pair();
    let calls = 0;
    transport.onceBelow(0, () => calls++);
    expect(calls).toBe(1);
    client.pause();
    while (transport.bufferedBytes() < 4_000_000) transport.send("x".repeat(500_000));
    transport.onceBelow(1_000_000, () => calls++);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls).toBe(1);
    client.resume();
    await expect.poll(() => calls).toBe(2);
    expect(transport.bufferedBytes()).toBeLessThanOrEqual(1_000_000);
  });

  it("releases who waits for room when the connection is gone", async () => {
    const { transport, client } = await pair();
    client.pause();
    while (transport.bufferedBytes() < 4_000_000) transport.send("x".repeat(500_000));
    const released = new Promise<void>((resolve) => transport.onceBelow(0, resolve));
    client.terminate();
    await released;
  });

  it("keeps a quiet peer that answers pings, and gives up one that does not", async () => {
    const quiet = await pair({ pingIntervalMs: 30 });
    const dead = await pair({ pingIntervalMs: 30 });
    // A paused client never sees the pings, as if its machine had vanished.
    dead.client.pause();
    expect(await dead.closed).toEqual({ code: 1006, reason: "The peer stopped answering." });
    expect(quiet.client.readyState).toBe(WebSocket.OPEN);
  });

  it("answers a malformed handshake with an HTTP error", async () => {
    const { client } = await pair();
    const { port } = new URL(client.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});
