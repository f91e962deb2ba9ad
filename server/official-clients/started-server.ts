/** A server in a process of its own, for clients as they ship: one for all tests of a file. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { startProcess } from "../test-process";

export interface StartedServer {
  /** `127.0.0.1:port`, which answers HTTP and TLS. */
  readonly host: string;
  readonly key: string;
  /** What clients must trust. */
  readonly ca: string;
}

/** Started before the first test and ended after the last. The answer is only there inside of tests. */
export function startedServer(): { readonly current: StartedServer } {
  const slot: { current: StartedServer } = { current: { host: "", key: "", ca: "" } };
  let stop: () => Promise<unknown> = () => Promise.resolve();
  beforeAll(async () => {
    const cwd = mkdtempSync(join(tmpdir(), "antiphon-clients-"));
    const server = startProcess({ entry: "official-clients/clients.test-entry.ts", env: { PORT: "0" }, cwd });
    stop = async () => {
      server.child.kill("SIGTERM");
      server.child.kill("SIGTERM");
      await server.ended;
      rmSync(cwd, { recursive: true, force: true });
    };
    const text = await server.printed(/Models .*\n/);
    const [, port = ""] = /API +\S+:\/\/[^:]+:(\d+)\/v1/.exec(text) ?? [];
    const [, key = ""] = /Key +(sk-ap-\S+)/.exec(text) ?? [];
    const [, caFile = ""] = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(text) ?? [];
    slot.current = { host: `localhost:${port}`, key, ca: readFileSync(caFile, "utf8") };
  }, 60_000);
  afterAll(() => stop());
  return slot;
}
