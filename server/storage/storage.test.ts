import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { readEnv } from "../../lib/env";
import { createLogger } from "../../lib/logger";
import { createKey } from "../../lib/services/keys/create";
import { revokeKey } from "../../lib/services/keys/revoke";
import { memberContext } from "../../lib/services/users/member-context";
import { setUp } from "../../lib/services/users/setup";
import type { ServiceContext } from "../../lib/services/context";
import { boot, type RunningServer } from "../boot";
import { scriptedProviders } from "../stages/scripted-providers";
import { openStorage, type Storage } from "./storage";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const DATABASES = [
  { kind: "embedded", url: undefined },
  { kind: "PostgreSQL", url: inject("postgresUrl") ?? undefined },
];

/** A database that nobody used before. */
async function freshDatabase(url: string): Promise<string> {
  const name = `antiphon_${Math.random().toString(36).slice(2)}`;
  const admin = postgres(url, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  closers.push(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  });
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

interface Started {
  readonly server: RunningServer;
  readonly storage: Storage;
  readonly base: string;
  readonly bootstrapKey: string;
}

async function start(source: Record<string, string>): Promise<Started> {
  const env = readEnv({ PORT: "0", TLS: "off", ...source });
  const log = createLogger({ level: "silent" });
  let storage: Storage | undefined;
  const server = await boot({
    env,
    log,
    providers: scriptedProviders(),
    openStorage: async (options) => (storage = await openStorage(options)),
  });
  if (!storage) throw new Error("There is no storage.");
  const [bootstrapKey = ""] = server.facts.keys.keys;
  return { server, storage, bootstrapKey, base: `127.0.0.1:${server.facts.port}` };
}

async function owner({ services, setupToken = "" }: Storage): Promise<ServiceContext> {
  const input = { token: setupToken, email: "o@example.com", password: "long enough", name: "O", organisation: "Acme" };
  const { id } = await setUp({ services, input });
  const ctx = await memberContext(services, { userId: id, loginEpoch: 0 });
  if (!ctx) throw new Error("The owner is no member.");
  return ctx;
}

const call = (base: string, key: string, path: string, init: RequestInit = {}) =>
  fetch(`http://${base}/v1/realtime${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });

async function open(base: string, key: string): Promise<WebSocket> {
  const ws = new WebSocket(`ws://${base}/v1/realtime?model=antiphon`, { headers: { authorization: `Bearer ${key}` } });
  const [first] = (await once(ws, "message")) as [Buffer];
  const { type, error } = JSON.parse(first.toString()) as { type: string; error?: { code: string } };
  if (type !== "session.created") throw new Error(error?.code ?? type);
  return ws;
}

for (const { kind, url } of DATABASES) {
  const skip = kind === "PostgreSQL" && url === undefined;
  describe.skipIf(skip)(`a server with storage (${kind}${skip ? ": none answers" : ""})`, () => {
    it("knows its keys, ends what a revoked one opened, and keeps all of it", { timeout: 120_000 }, async () => {
      const dataDir = mkdtempSync(join(tmpdir(), "antiphon-storage-"));
      const source = { DATA_DIR: dataDir, ...(url !== undefined && { DATABASE_URL: await freshDatabase(url) }) };
      const first = await start(source);
      const { base, bootstrapKey, storage } = first;
      expect(storage.setupToken).toBeDefined();
      expect((await fetch(`http://${base}/readyz`)).status).toBe(200);
      const ctx = await owner(storage);
      expect(ctx.org).toBe(storage.firstOrg);

      const { id, key } = await createKey({ ctx, input: { name: "Phone" } });
      const reader = await createKey({ ctx, input: { name: "Reader", scopes: ["sessions:read"] } });
      (await open(base, bootstrapKey)).terminate();
      const ws = await open(base, key);
      expect((await call(base, reader.key, "/sessions")).status).toBe(200);
      expect((await call(base, reader.key, "/sessions/sess_x", { method: "DELETE" })).status).toBe(403);
      await expect(open(base, reader.key)).rejects.toThrow("insufficient_permissions");
      await expect(open(base, "sk-ap-unknown")).rejects.toThrow("invalid_api_key");

      const body = JSON.stringify({ single_use: true });
      const minted = await call(base, key, "/client_secrets", { method: "POST", body });
      const secret = ((await minted.json()) as { value: string }).value;
      (await open(base, secret)).terminate();
      await expect(open(base, secret)).rejects.toThrow("invalid_api_key");
      const kept = await call(base, bootstrapKey, "/client_secrets", { method: "POST", body: "{}" });
      const lasting = ((await kept.json()) as { value: string }).value;

      const closed = once(ws, "close") as Promise<[number, Buffer]>;
      await revokeKey({ ctx, input: { id } });
      expect(String((await closed)[1])).toBe("key_revoked");
      await expect(open(base, key)).rejects.toThrow("invalid_api_key");
      await first.server.close(1);

      const second = await start(source);
      closers.push(() => second.server.close(1));
      const ended = (await (await call(second.base, bootstrapKey, "/sessions?status=ended")).json()) as {
        data: { id: string }[];
      };
      expect(ended.data).toHaveLength(3);
      const one = await call(second.base, bootstrapKey, `/sessions/${ended.data[0]?.id ?? ""}`);
      expect(await one.json()).toMatchObject({ status: "ended", items: { data: [] } });
      expect(second.storage.setupToken).toBeUndefined();
      (await open(second.base, lasting)).terminate();
      expect((await call(second.base, reader.key, "/sessions")).status).toBe(200);
      if (url === undefined) expect(readFileSync(join(dataDir, "secret"), "utf8").trim().length).toBeGreaterThan(40);
    });
  });
}

describe("storage that cannot be opened", () => {
  it("is a start error that says what to fix, and leaves nothing open", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "antiphon-storage-"));
    await expect(start({ DATA_DIR: dataDir, DATABASE_URL: "postgres://127.0.0.1:1/none" })).rejects.toMatchObject({
      name: "StartError",
      message: "DATABASE_URL (postgres://127.0.0.1:1/none) cannot be used: nothing answers there.",
    });
  });
});
