import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readEnv, type EnvSource } from "../lib/env";
import { createLogger } from "../lib/logger";
import { boot, type BootOptions, type RunningServer } from "./boot";
import { keyFile } from "./keys";
import type { Page } from "./page/next-page";
import { RealtimeTestClient, dialWebSocket } from "./realtime/testing/index";
import { type ProviderScripts, scriptedProviders } from "./stages/scripted-providers";

let server: RunningServer | undefined;
let dataDir: string;
afterEach(async () => {
  await server?.close(1);
  server = undefined;
});

interface Setup {
  readonly source?: EnvSource;
  readonly scripts?: ProviderScripts;
  readonly startPage?: BootOptions["startPage"];
}

/** A server on a free port; returns its address without a scheme. */
async function start({ source = {}, scripts, startPage }: Setup = {}): Promise<string> {
  dataDir = mkdtempSync(join(tmpdir(), "antiphon-boot-"));
  const env = readEnv({ PORT: "0", DATA_DIR: dataDir, ...source });
  const log = createLogger({ level: "silent" });
  server = await boot({ env, log, providers: scriptedProviders(scripts), startPage });
  return `localhost:${server.facts.port}`;
}

const key = (): string => readFileSync(keyFile(dataDir), "utf8").trim();
const ca = (): Buffer => readFileSync(server?.facts.caFile ?? "");

const page: Page = {
  handle: (req, res) => void res.end(`page ${req.url ?? ""}`),
  upgrade: () => false,
  close: async () => {},
};
const withPage: Setup = { startPage: () => page };

async function httpsGet(address: string, path: string): Promise<IncomingMessage & { body?: string }> {
  const request = httpsRequest(`https://${address}${path}`, { ca: ca() }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return Object.assign(response, { body: (await response.toArray()).join("") });
}

describe("a server", () => {
  it("answers the API over http, https, ws and wss on one port", async () => {
    const address = await start();
    const models = await fetch(`http://${address}/v1/models`, { headers: { authorization: `Bearer ${key()}` } });
    expect(models.status).toBe(200);
    expect((await httpsGet(address, "/v1/models")).statusCode).toBe(401);
    for (const scheme of ["ws", "wss"]) {
      const headers = { authorization: `Bearer ${key()}` };
      const ws = new WebSocket(`${scheme}://${address}/v1/realtime?model=antiphon`, { ca: ca(), headers });
      const [first] = (await once(ws, "message")) as [Buffer];
      expect(JSON.parse(first.toString())).toMatchObject({ type: "session.created" });
      ws.terminate();
    }
  });

  it("lets a running reply end before it closes, takes nobody new, and says meanwhile that it is not well", async () => {
    const address = await start({ scripts: { llm: { reply: [{ wait: 150 }, "Late."] } } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const health = async (): Promise<[number | undefined, string]> => {
      const request = httpRequest(`http://${address}/healthz`, { agent }).end();
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return [response.statusCode, (await response.toArray()).join("")];
    };
    expect(await health()).toEqual([200, '{"ok":true}']);
    const url = `ws://${address}/v1/realtime?model=antiphon`;
    const client = new RealtimeTestClient(await dialWebSocket(url, { headers: { authorization: `Bearer ${key()}` } }));
    await client.next("session.created");
    client.send({ type: "response.create", response: { output_modalities: ["text"] } });
    await client.next("response.created");

    const closing = server?.close(5_000);
    expect(await health()).toEqual([503, '{"ok":false}']);
    await expect(fetch(`http://${address}/healthz`)).rejects.toThrow();
    expect((await client.next("response.done")).response.status).toBe("completed");
    await closing;
    agent.destroy();
  });

  it("serves plain HTTP alone with TLS=off, and makes no certificate", async () => {
    const address = await start({ source: { TLS: "off" } });
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
    await expect(fetch(`https://${address}/healthz`)).rejects.toThrow();
    expect(() => readFileSync(join(dataDir, "tls", "ca.pem"))).toThrow();
    expect(server?.facts).toMatchObject({ tls: "off", caFile: undefined });
  });

  it("accepts the configured keys and no other", async () => {
    const address = await start({ source: { ANTIPHON_API_KEY: "sk-one,sk-two" } });
    const status = async (bearer: string): Promise<number> =>
      (await fetch(`http://${address}/v1/models`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect(await Promise.all(["sk-one", "sk-two", "sk-three"].map(status))).toEqual([200, 200, 401]);
  });

  it("answers 404 for what is not of the API when there is no page", async () => {
    const address = await start();
    expect((await fetch(`http://${address}/`)).status).toBe(404);
    const token = await fetch(`http://${address}/playground/token`, {
      method: "POST",
      headers: { origin: `http://${address}` },
    });
    expect(token.status).toBe(404);
    const ws = new WebSocket(`ws://${address}/chat`);
    const [error] = (await once(ws, "error")) as [Error];
    expect(error.message).toContain("404");
  });
});

describe("a server with a page", () => {
  it("gives the page what is not of the API", async () => {
    const address = await start(withPage);
    expect(await (await fetch(`http://${address}/some/path?x=1`)).text()).toBe("page /some/path?x=1");
    expect((await httpsGet(address, "/")).body).toBe("page /");
    expect((await fetch(`http://${address}/v1/realtime/client_secrets`, { method: "POST" })).status).toBe(401);
    expect((await fetch(`http://${address}/v1/models`)).status).toBe(401);
  });
});

describe("a server that cannot start", () => {
  it("says that the port is in use, and frees what it had made", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(start({ source: { PORT: String(port) } })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use: stop the program that has it, or set PORT to another one.`,
    );
    other.close();
  });

  it("says that the address is none of this machine", async () => {
    await expect(start({ source: { HOST: "203.0.113.1" } })).rejects.toThrow(
      /HOST=203\.0\.113\.1 is no address of this machine/,
    );
  });

  it("says that the data folder cannot be written", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "antiphon-boot-")), "file");
    writeFileSync(file, "");
    await expect(start({ source: { DATA_DIR: join(file, "data") } })).rejects.toThrow(/Cannot write to .*file\/data/);
    await expect(start({ source: { DATA_DIR: file } })).rejects.toThrow(/Cannot write to .*file \(EEXIST\)/);
  });

  it("says what is wrong with a certificate", async () => {
    await expect(start({ source: { TLS_CERT: "/no/cert.pem", TLS_KEY: "/no/key.pem" } })).rejects.toThrow(
      /^TLS_CERT=\/no\/cert\.pem cannot be read \(ENOENT\)/,
    );
  });
});
