import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps, request as httpsRequest } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { generatedCertificate, type ServerCertificate } from "./certificates";
import { createDoor } from "./door";

let certificate: ServerCertificate;
let ca: Buffer;
let port: number;
let stop: () => void;

/** Answers with the scheme, the peer and the body it got. */
function echo(scheme: string) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => res.end(`${scheme} ${req.socket.remoteAddress ?? "?"} ${Buffer.concat(parts).toString()}`));
  };
}

beforeAll(async () => {
  certificate = await generatedCertificate({
    dataDir: mkdtempSync(join(tmpdir(), "antiphon-door-")),
    host: "127.0.0.1",
  });
  ca = readFileSync(certificate.caFile ?? "");
  const timeouts = { headersTimeout: 150, requestTimeout: 1000, connectionsCheckingInterval: 50 };
  const http = createHttp(timeouts, echo("http"));
  const https = createHttps({ ...timeouts, cert: certificate.cert, key: certificate.key }, echo("https"));
  const sockets = new WebSocketServer({ noServer: true });
  for (const server of [http, https])
    server.on("upgrade", (req, socket, head) => {
      sockets.handleUpgrade(req, socket, head, (ws) => ws.on("message", (data) => ws.send(`got ${String(data)}`)));
    });
  const door = createDoor({ http, https, peekTimeoutMs: 200 });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  port = (door.address() as AddressInfo).port;
  stop = () => {
    sockets.close();
    door.close();
    http.closeAllConnections();
    https.closeAllConnections();
    http.close();
    https.close();
  };
});

afterAll(() => stop());

async function secureGet(): Promise<string> {
  const request = httpsRequest({ port, host: "localhost", ca, method: "POST" }).end("secret");
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return (await response.toArray()).join("");
}

/** Everything that a raw connection is told until its end. */
async function raw(talk: (socket: Socket) => unknown): Promise<string> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  let text = "";
  socket.on("data", (data) => (text += data.toString()));
  await Promise.all([talk(socket), once(socket, "close")]);
  return text;
}

describe("one port for HTTP and TLS", () => {
  it("answers both, with the client's address", async () => {
    const plain = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "open" });
    expect(await plain.text()).toBe("http 127.0.0.1 open");
    expect(await secureGet()).toBe("https 127.0.0.1 secret");
  });

  it.each(["ws", "wss"])("carries WebSockets over %s", async (scheme) => {
    const ws = new WebSocket(`${scheme}://localhost:${port}/`, { ca });
    await once(ws, "open");
    ws.send("hello");
    const [data] = (await once(ws, "message")) as [Buffer];
    expect(data.toString()).toBe("got hello");
    ws.close();
    await once(ws, "close");
  });

  it("is trusted by a Node process that was given the authority with NODE_EXTRA_CA_CERTS", async () => {
    const script = `fetch("https://localhost:${port}").then(async (r) => console.log(await r.text()))`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate.caFile };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env });
    expect(stdout).toMatch(/^https /);
  });

  it("loses nothing when a request comes byte by byte, or is large", async () => {
    const request = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
    const slow = await raw(async (socket) => {
      for (const byte of request) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
    });
    expect(slow).toContain("http 127.0.0.1 abc");
    const body = "x".repeat(3_000_000);
    const large = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body });
    expect(await large.text()).toBe(`http 127.0.0.1 ${body}`);
  });

  it("serves many of both at once", async () => {
    const plain = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? plain() : secureGet())));
    expect(answers.map((text) => text.split(" ")[0])).toEqual(answers.map((_, i) => (i % 2 === 0 ? "http" : "https")));
  });

  it("drops a connection that says nothing", async () => {
    expect(await raw(() => {})).toBe("");
  });

  it("drops a connection that stops in the middle of its headers", async () => {
    expect(await raw((socket) => socket.write("GET / HTTP/1.1\r\nHost:"))).toContain("408 Request Timeout");
  });

  it("survives what is neither HTTP nor TLS, and connections that vanish", async () => {
    await raw((socket) => socket.end(Buffer.from([0x16, 0x03, 0x01, 0xff, 0xff, 1, 2, 3])));
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    await raw((socket) => socket.write(hello, () => socket.resetAndDestroy()));
    await raw((socket) => socket.write("nonsense\r\n\r\n"));
    await raw((socket) => socket.end());
    await raw((socket) => socket.once("connect", () => socket.resetAndDestroy()));
    await raw((socket) => socket.write("G", () => socket.resetAndDestroy()));
    expect(await secureGet()).toContain("secret");
  });
});
