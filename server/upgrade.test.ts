import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createUpgradeListener, type UpgradeRoute } from "./upgrade";

let server: Server;
const sockets = new WebSocketServer({ noServer: true });
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A WebSocket that says who took it. */
const greet =
  (path: string, words: string): UpgradeRoute =>
  (req, socket, head) => {
    if (req.url !== path) return false;
    sockets.handleUpgrade(req, socket, head, (ws) => ws.send(words));
    return true;
  };

async function serve(page: UpgradeRoute): Promise<number> {
  const onUpgrade = createUpgradeListener({ realtime: greet("/v1/realtime", "ours"), page, pageDeadlineMs: 50 });
  server = createServer((_, res) => res.end("hello"))
    .on("upgrade", onUpgrade)
    .listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function firstWords(port: number, path: string): Promise<string> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  const [data] = (await once(ws, "message")) as [Buffer];
  ws.terminate();
  return data.toString();
}

/** What a raw client is told until the connection ends. */
async function told(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  let text = "";
  socket.on("data", (data) => (text += data.toString()));
  await once(socket, "close");
  return text;
}

const upgrade = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

describe("upgrades", () => {
  it("go to the library first, then to the page", async () => {
    const port = await serve((...all) => greet("/_next/hmr", "page")(...all) || greet("/v1/realtime", "page")(...all));
    expect(await firstWords(port, "/v1/realtime")).toBe("ours");
    expect(await firstWords(port, "/_next/hmr")).toBe("page");
  });

  it("are refused at once when nobody takes them", async () => {
    const port = await serve(() => false);
    expect(await told(port, upgrade("/chat"))).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  });

  it("do not hang when the page takes one and never answers, even on a connection that was used before", async () => {
    const port = await serve(() => true);
    expect(await told(port, upgrade("/_next/nothing"))).toBe("");
    const reused = await told(port, `GET / HTTP/1.1\r\nHost: x\r\n\r\n${upgrade("/_next/nothing")}`);
    expect(reused).toMatch(/hello$/);
  });

  it("stay open when the page answered", async () => {
    const port = await serve(greet("/_next/hmr", "page"));
    const ws = new WebSocket(`ws://127.0.0.1:${port}/_next/hmr`);
    await once(ws, "message");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ws.readyState).toBe(WebSocket.OPEN);
    ws.terminate();
  });

  it("survive a client that vanishes", async () => {
    const taken: Duplex[] = [];
    const port = await serve((_, socket) => taken.push(socket) > 0);
    const client: Socket = connect(port, "127.0.0.1", () => client.write(upgrade("/_next/x")));
    while (taken.length === 0) await new Promise(setImmediate);
    client.resetAndDestroy();
    await new Promise((resolve) => taken[0]?.once("close", resolve));
    expect(await firstWords(port, "/v1/realtime")).toBe("ours");
  });
});
