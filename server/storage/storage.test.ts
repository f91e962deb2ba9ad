import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { createKey } from "../../lib/services/keys/create";
import { revokeKey } from "../../lib/services/keys/revoke";
import { call, closeAll, dataFolder, freshDatabase, open, owner, start } from "./testing/servers";

afterEach(closeAll);

const DATABASES = [
  { kind: "embedded", url: undefined },
  { kind: "PostgreSQL", url: inject("postgresUrl") ?? undefined },
];

for (const { kind, url } of DATABASES) {
  const skip = kind === "PostgreSQL" && url === undefined;
  describe.skipIf(skip)(`a server with storage (${kind}${skip ? ": none answers" : ""})`, () => {
    it("knows its keys, ends what a revoked one opened, and keeps all of it", { timeout: 120_000 }, async () => {
      const dataDir = dataFolder();
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
      expect((await call([base, reader.key], "/sessions")).status).toBe(200);
      expect((await call([base, reader.key], "/sessions/sess_x", { method: "DELETE" })).status).toBe(403);
      await expect(open(base, reader.key)).rejects.toThrow("insufficient_permissions");
      await expect(open(base, "sk-ap-unknown")).rejects.toThrow("invalid_api_key");

      const body = JSON.stringify({ single_use: true });
      const minted = await call([base, key], "/client_secrets", { method: "POST", body });
      const secret = ((await minted.json()) as { value: string }).value;
      (await open(base, secret)).terminate();
      await expect(open(base, secret)).rejects.toThrow("invalid_api_key");
      const kept = await call([base, bootstrapKey], "/client_secrets", { method: "POST", body: "{}" });
      const lasting = ((await kept.json()) as { value: string }).value;

      const closed = once(ws, "close") as Promise<[number, Buffer]>;
      await revokeKey({ ctx, input: { id } });
      expect(String((await closed)[1])).toBe("key_revoked");
      await expect(open(base, key)).rejects.toThrow("invalid_api_key");
      await first.server.close(1);

      const second = await start(source);
      const ended = (await (await call([second.base, bootstrapKey], "/sessions?status=ended")).json()) as {
        data: { id: string }[];
      };
      expect(ended.data).toHaveLength(3);
      const one = await call([second.base, bootstrapKey], `/sessions/${ended.data[0]?.id ?? ""}`);
      expect(await one.json()).toMatchObject({ status: "ended", items: { data: [] } });
      expect(second.storage.setupToken).toBeUndefined();
      (await open(second.base, lasting)).terminate();
      expect((await call([second.base, reader.key], "/sessions")).status).toBe(200);
      if (url === undefined) expect(readFileSync(join(dataDir, "secret"), "utf8").trim().length).toBeGreaterThan(40);
    });
  });
}

describe("storage that cannot be opened", () => {
  it("is a start error that says what to fix, and leaves nothing open", async () => {
    const dataDir = dataFolder();
    await expect(start({ DATA_DIR: dataDir, DATABASE_URL: "postgres://127.0.0.1:1/none" })).rejects.toMatchObject({
      name: "StartError",
      message: "DATABASE_URL (postgres://127.0.0.1:1/none) cannot be used: nothing answers there.",
    });
  });
});
