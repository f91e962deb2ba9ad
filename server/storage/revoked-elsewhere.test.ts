import { once } from "node:events";
import { afterEach, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { createKey } from "../../lib/services/keys/create";
import { revokeKey } from "../../lib/services/keys/revoke";
import { REDIS_URL } from "../limits/testing/redis-url";
import { call, closeAll, dataFolder, freshDatabase, open, owner, sharedEmbedded, start } from "./testing/servers";

afterEach(closeAll);

const NEVER = 1e9;
const DATABASES = [
  { kind: "embedded", url: undefined },
  { kind: "PostgreSQL", url: inject("postgresUrl") ?? undefined },
];

for (const { kind, url } of DATABASES) {
  const skip = kind === "PostgreSQL" && url === undefined;
  describe.skipIf(skip)(`two servers on one database (${kind}${skip ? ": none answers" : ""})`, () => {
    it("end each other's sessions when a key is revoked, and no others", { timeout: 240_000 }, async () => {
      const database = url === undefined ? await sharedEmbedded() : undefined;
      const shared: Record<string, string> = url === undefined ? {} : { DATABASE_URL: await freshDatabase(url) };
      const source = (): Record<string, string> => ({
        DATA_DIR: dataFolder(),
        ANTIPHON_SECRET: "what the two servers share",
        // Where none answers, each counts for itself.
        REDIS_URL,
        ...shared,
      });
      const first = await start(source(), database);
      const ctx = await owner(first.storage);
      // By this job and no other: how often it runs is what the 5 s follow from (jobs.test.ts).
      const second = await start(source(), database, { keys: 50, ends: NEVER, life: NEVER });
      const revoked = await createKey({ ctx, input: { name: "Phone" } });
      const other = await createKey({ ctx, input: { name: "Desk" } });
      const mine = await open(second.base, revoked.key);
      const body = JSON.stringify({ session: { type: "realtime" } });
      const minted = await call([first.base, revoked.key], "/client_secrets", { method: "POST", body });
      const guest = await open(second.base, ((await minted.json()) as { value: string }).value);
      const theirs = await open(second.base, other.key);
      const closed = [mine, guest].map((ws) => once(ws, "close") as Promise<[number, Buffer]>);
      await revokeKey({ ctx, input: { id: revoked.id } });
      for (const close of closed) expect(String((await close)[1])).toBe("key_revoked");
      expect(theirs.readyState).toBe(WebSocket.OPEN);
      await expect(open(second.base, revoked.key)).rejects.toThrow("invalid_api_key");
    });
  });
}
