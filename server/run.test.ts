import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EnvSource } from "../lib/env";
import { RealtimeTestClient, dialWebSocket } from "./realtime/testing/index";
import { startProcess, type TestProcess } from "./test-process";

const temporary = (): string => mkdtempSync(join(tmpdir(), "antiphon-run-"));

/** `antiphon serve`, which runs as `npm start` does, without the page. */
function serve(env: EnvSource): TestProcess {
  const cwd = temporary();
  return startProcess({ entry: "cli/main.ts", args: ["serve"], env: { PORT: "0", LOG_LEVEL: "info", ...env }, cwd });
}

describe("antiphon serve", () => {
  it("serves what its banner says, and ends with 0 when it is asked to", async () => {
    const server = serve({ TTS_MODEL: "flite" });
    const text = await server.printed(/Models .*\n/);
    expect(text).toMatch(/antiphon is ready after \d+\.\d s\./);
    expect(text).not.toMatch(/^ {2}Open/m);
    const [, port] = /API +http:\/\/localhost:(\d+)\/v1/.exec(text) ?? [];
    const [, key] = /Key +(sk-ap-\S+)/.exec(text) ?? [];
    const base = `http://127.0.0.1:${port ?? ""}`;
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ ok: true });
    expect((await fetch(`${base}/v1/models`, { headers: { authorization: `Bearer ${key ?? ""}` } })).status).toBe(200);
    server.child.kill("SIGTERM");
    const { code, err } = await server.ended;
    expect([code, err]).toEqual([0, expect.stringContaining("Closing.")]);
  }, 30_000);

  it("ends with 1 and one clear line, without a stack, when it cannot start", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const file = join(temporary(), "file");
    writeFileSync(file, "");
    const table: [EnvSource, RegExp][] = [
      [{ PORT: String(port) }, /^Port \d+ on 127\.0\.0\.1 is in use: .*\n$/],
      [{ DATA_DIR: join(file, "data") }, /^Cannot write to .*file\/data \(ENOTDIR\): .*\n$/],
      [{ TLS_CERT: file, TLS_KEY: file }, /^TLS_CERT=.* is no certificate in PEM form\.\n$/],
      [
        { PORT: "x", LOG_LEVEL: "y" },
        /^The configuration has problems:\n {2}- PORT="x": .*\n {2}- LOG_LEVEL="y": .*\n$/,
      ],
    ];
    const ends = await Promise.all(table.map(([env]) => serve(env).ended));
    other.close();
    for (const [index, { code, out, err }] of ends.entries()) {
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(table[index]?.[1] ?? /never/);
    }
  }, 60_000);
});

describe("a running server", () => {
  async function start(): Promise<{ server: TestProcess; address: string; key: string }> {
    const server = startProcess({ entry: "run.test-entry.ts", env: { PORT: "0" }, cwd: temporary() });
    const text = await server.printed(/Models .*\n/);
    const [, address = ""] = /API +http:\/\/(localhost:\d+)\/v1/.exec(text) ?? [];
    const [, key = ""] = /Key +(sk-ap-\S+)/.exec(text) ?? [];
    return { server, address, key };
  }

  it("waits for a reply at the first signal, and ends at once at the second", async () => {
    const { server, address, key } = await start();
    const headers = { authorization: `Bearer ${key}` };
    const client = new RealtimeTestClient(
      await dialWebSocket(`ws://${address}/v1/realtime?model=antiphon`, { headers }),
    );
    client.send({ type: "response.create" });
    await client.next("response.created");
    server.child.kill("SIGTERM");
    const first = await Promise.race([server.ended, new Promise((resolve) => setTimeout(resolve, 300, "waiting"))]);
    expect(first).toBe("waiting");
    server.child.kill("SIGTERM");
    expect((await server.ended).code).toBe(1);
  }, 30_000);

  it("survives faults that nobody caught, and logs them", async () => {
    const { server, address } = await start();
    server.child.kill("SIGUSR2");
    await once(server.child.stderr, "data");
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
    server.child.kill("SIGTERM");
    const { code, err } = await server.ended;
    expect(code).toBe(0);
    expect(err).toMatch(/a stray fault/);
    expect(err).toMatch(/a stray promise/);
  }, 30_000);
});
