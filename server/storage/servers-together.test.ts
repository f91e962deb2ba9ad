/** Several servers on one PostgreSQL and one Redis, and what happens when either goes away. */
import { once } from "node:events";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import type { Database } from "../../lib/db/client";
import { createKey } from "../../lib/services/keys/create";
import { revokeKey } from "../../lib/services/keys/revoke";
import { setLimit } from "../../lib/services/limits/set";
import { endSession } from "../../lib/services/sessions/end";
import { getSession } from "../../lib/services/sessions/get";
import { listSessions } from "../../lib/services/sessions/list";
import { hasRedis, redis } from "../limits/testing/redis";
import { REDIS_URL } from "../limits/testing/redis-url";
import { call, closeAll, dataFolder, freshDatabase, lineTo, open, owner, reply, start } from "./testing/servers";

const POSTGRES_URL = inject("postgresUrl") ?? undefined;
redis.disconnect();

afterEach(closeAll);

const SECRET = "the same on every server";
/** Longer than any job waits. */
const soon = { timeout: 60_000, interval: 200 };

describe.skipIf(POSTGRES_URL === undefined || !hasRedis)("servers on one PostgreSQL and Redis", () => {
  const postgres = () => freshDatabase(POSTGRES_URL ?? "");
  const startOn = (url: string, redis = REDIS_URL, secret = SECRET) =>
    start({ DATABASE_URL: url, REDIS_URL: redis, ANTIPHON_SECRET: secret, DATA_DIR: dataFolder() });

  it("know the same people, keys and sessions, and end each other's", { timeout: 240_000 }, async () => {
    const url = await postgres();
    // Started at once, as an orchestrator does.
    const [one, other] = await Promise.all([startOn(url), startOn(url)]);
    const ctx = await owner(one.storage, other.storage.setupToken);
    const { id, key } = await createKey({ ctx, input: { name: "Both" } });
    const [here, there] = [await open(one.base, key), await open(other.base, key)];
    const live = async () => (await listSessions({ ctx, input: { status: "live" } })).items.map((each) => each.id);
    await vi.waitFor(async () => expect(await live()).toHaveLength(2), soon);

    const ended = once(there, "close");
    await endSession({ ctx, input: { id: there.sessionId } });
    await ended;
    await vi.waitFor(async () => expect(await live()).toEqual([here.sessionId]), soon);

    // At the first server, so that the other one learns of it from the database.
    const again = await open(other.base, key);
    const revoked = [here, again].map((ws) => once(ws, "close") as Promise<[number, Buffer]>);
    await revokeKey({ ctx, input: { id } });
    for (const closed of revoked) expect(String((await closed)[1])).toBe("key_revoked");
    await expect(open(other.base, key)).rejects.toThrow("invalid_api_key");
  });

  it("count limits together", { timeout: 240_000 }, async () => {
    const url = await postgres();
    const [one, other] = [await startOn(url), await startOn(url)];
    const ctx = await owner(one.storage);
    await setLimit({ ctx, input: { subject: "organisation", requestsPerMinute: 4 } });
    const { key } = await createKey({ ctx, input: { name: "Counted" } });
    const sockets = [await open(one.base, key), await open(other.base, key)];
    const outcomes: string[] = [];
    for (let round = 0; round < 3; round += 1) for (const ws of sockets) outcomes.push(await reply(ws));
    // A minute may begin in between; each server for itself would have taken all of them.
    expect(outcomes).toContain("rate_limit_exceeded");
    expect(outcomes.slice(0, 2)).toEqual(["completed", "completed"]);
  });

  it("refuse to start under another secret than the first", { timeout: 240_000 }, async () => {
    const url = await postgres();
    await startOn(url);
    await expect(startOn(url, REDIS_URL, "another secret of another one")).rejects.toThrow(
      /set ANTIPHON_SECRET to the same value on every server/,
    );
  });

  it("let conversations go on while both are away, and have all of it afterwards", { timeout: 240_000 }, async () => {
    const [database, redis] = [await lineTo(await postgres(), 5432), await lineTo(REDIS_URL, 6379)];
    const { base, storage } = await startOn(database.url, redis.url);
    const ctx = await owner(storage);
    const { key } = await createKey({ ctx, input: { name: "Steady" } });
    const ws = await open(base, key);
    expect(await reply(ws, "Before")).toBe("completed");

    redis.cut();
    expect(await reply(ws, "Without Redis")).toBe("completed");
    database.cut();
    expect(await reply(ws, "Without both")).toBe("completed");
    await vi.waitFor(async () => expect((await fetch(`http://${base}/readyz`)).status).toBe(503), soon);
    expect(await reply(ws, "Still without")).toBe("completed");

    redis.mend();
    database.mend();
    await vi.waitFor(async () => expect((await fetch(`http://${base}/readyz`)).status).toBe(200), soon);
    expect(await reply(ws, "After")).toBe("completed");
    ws.close();
    await vi.waitFor(async () => {
      const session = await getSession({ ctx, input: { id: ws.sessionId } });
      expect(session).toMatchObject({ status: "ended", hasGaps: false });
      expect(session.responses).toHaveLength(5);
    }, soon);
    const [kept] = (await listSessions({ ctx, input: { search: "Still" } })).items;
    expect(kept?.id).toBe(ws.sessionId);
  });

  it("lose nothing when PostgreSQL ends every connection in the middle of it", { timeout: 240_000 }, async () => {
    const { base, storage } = await startOn(await postgres());
    const ctx = await owner(storage);
    const { key } = await createKey({ ctx, input: { name: "Steady" } });
    const ws = await open(base, key);
    for (let round = 0; round < 6; round += 1) {
      const replied = reply(ws, `Round ${round}`);
      await endConnections(storage.services.db);
      expect(await replied).toBe("completed");
    }
    ws.close();
    await vi.waitFor(async () => {
      const session = await getSession({ ctx, input: { id: ws.sessionId } });
      expect(session).toMatchObject({ status: "ended", hasGaps: false });
      expect(session.responses).toHaveLength(6);
    }, soon);
    expect((await call([base, key], "/sessions?status=ended")).status).toBe(200);
  });
});

/** As an administrator's restart does; the connection that asks for it goes too. */
async function endConnections(db: Database): Promise<void> {
  const all = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'antiphon'`;
  await db.system((tx) => tx.execute(all)).catch(() => undefined);
}
