/** The REST routes of sessions, where several servers share a database. */
import { once } from "node:events";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { auditLog, realtimeSessions } from "../../lib/db/schema/index";
import { createKey } from "../../lib/services/keys/create";
import { seedOrg } from "../../lib/services/testing/seed";
import {
  call,
  closeAll,
  dataFolder,
  freshDatabase,
  open,
  owner,
  reply,
  sharedEmbedded,
  start,
} from "./testing/servers";

afterEach(closeAll);

const soon = { timeout: 60_000, interval: 100 };
const DATABASES = [
  { kind: "embedded", url: undefined },
  { kind: "PostgreSQL", url: inject("postgresUrl") ?? undefined },
];

interface Shown {
  readonly id: string;
  readonly status: string;
}

for (const { kind, url } of DATABASES) {
  const skip = kind === "PostgreSQL" && url === undefined;
  describe.skipIf(skip)(`two servers on one database (${kind}${skip ? ": none answers" : ""})`, () => {
    it("show each other's sessions, and end them", { timeout: 240_000 }, async () => {
      const database = url === undefined ? await sharedEmbedded() : undefined;
      const shared: Record<string, string> = url === undefined ? {} : { DATABASE_URL: await freshDatabase(url) };
      const startOne = () =>
        start(
          { DATA_DIR: dataFolder(), ANTIPHON_SECRET: "what the two servers share", ...shared },
          database,
          // So that what ends is ended by the one job that is meant to.
          { ends: 200 },
        );
      const here = await startOne();
      const ctx = await owner(here.storage);
      const there = await startOne();
      const { id: keyId, key } = await createKey({
        ctx,
        input: { name: "Operator", scopes: ["realtime:connect", "sessions:read", "sessions:write"] },
      });
      const reader = await createKey({ ctx, input: { name: "Reader", scopes: ["sessions:read"] } });
      const mine = await open(here.base, key);
      const theirs = await open(there.base, key);
      expect(await reply(theirs, "What runs elsewhere?")).toBe("completed");

      const listed = async (query: string): Promise<Shown[]> =>
        ((await (await call([here.base, key], `/sessions${query}`)).json()) as { data: Shown[] }).data;
      await vi.waitFor(async () => {
        const live = await listed("?status=live");
        expect(live.map(({ id }) => id)).toEqual([theirs.sessionId, mine.sessionId]);
      }, soon);
      expect((await listed("?limit=1")).map(({ id }) => id)).toEqual([theirs.sessionId]);
      expect((await listed(`?limit=1&after=${theirs.sessionId}`)).map(({ id }) => id)).toEqual([mine.sessionId]);

      await vi.waitFor(async () => {
        const one = await (await call([here.base, key], `/sessions/${theirs.sessionId}`)).json();
        expect(one).toMatchObject({
          id: theirs.sessionId,
          status: "live",
          ended_at: null,
          session: { object: "realtime.session" },
          items: { data: [{ role: "user" }, { role: "assistant", status: "completed" }] },
        });
        expect((one as { usage: { total_tokens: number } }).usage.total_tokens).toBeGreaterThan(0);
      }, soon);

      const path = `/sessions/${theirs.sessionId}`;
      expect((await call([here.base, reader.key], path, { method: "DELETE" })).status).toBe(403);
      const closed = once(theirs, "close") as Promise<[number, Buffer]>;
      const ended = await call([here.base, key], path, { method: "DELETE" });
      expect([ended.status, await ended.json()]).toEqual([
        200,
        { object: "realtime.session.deleted", id: theirs.sessionId, deleted: true },
      ]);
      const [code, reason] = await closed;
      expect([code, String(reason)]).toEqual([1000, "session_ended"]);
      await vi.waitFor(
        async () => expect((await call([here.base, key], path, { method: "DELETE" })).status).toBe(404),
        soon,
      );
      const audited = await ctx.db.tenant(ctx.org, (tx) => tx.select().from(auditLog));
      expect(audited).toContainEqual(
        expect.objectContaining({
          action: "sessions.end",
          targetId: theirs.sessionId,
          actorId: keyId,
          actor: "Operator",
        }) as unknown,
      );

      // One that has just ended here is never taken for one that runs elsewhere.
      const gone = once(mine, "close");
      expect((await call([here.base, key], `/sessions/${mine.sessionId}`, { method: "DELETE" })).status).toBe(200);
      await gone;
      expect(await listed("?status=live")).toEqual([]);
      expect((await listed("?status=ended")).map(({ id }) => id)).toEqual([theirs.sessionId, mine.sessionId]);
    });

    it(
      "show and end nothing of another organisation, and know a session by its call",
      { timeout: 240_000 },
      async () => {
        const database = url === undefined ? await sharedEmbedded() : undefined;
        const shared: Record<string, string> = url === undefined ? {} : { DATABASE_URL: await freshDatabase(url) };
        const { base, storage, bootstrapKey } = await start({ DATA_DIR: dataFolder(), ...shared }, database);
        const { db } = storage.services;
        const stranger = await seedOrg(db);
        for (const [org, id] of [
          [storage.firstOrg, "sess_ours"],
          [stranger, "sess_foreign"],
        ] as const)
          await db.system(async (tx) => {
            const what = { model: "antiphon", transport: "webrtc", status: "live", callId: `rtc_${id}` } as const;
            const now = new Date();
            await tx.insert(realtimeSessions).values({ id, orgId: org, ...what, startedAt: now, seenAt: now });
            await tx.execute(
              sql`insert into conversations (id, org_id, session_id) values (${`conv_${id}`}, ${org}, ${id})`,
            );
          });
        const as = (path: string, method = "GET") => call([base, bootstrapKey], `/sessions${path}`, { method });
        const { data } = (await (await as("")).json()) as { data: Shown[] };
        expect(data.map(({ id }) => id)).toEqual(["sess_ours"]);
        expect((await as("/sess_foreign")).status).toBe(404);
        expect((await as("/rtc_sess_foreign", "DELETE")).status).toBe(404);
        expect(await (await as("/rtc_sess_ours")).json()).toMatchObject({ id: "sess_ours", call_id: "rtc_sess_ours" });
        expect(await (await as("/rtc_sess_ours", "DELETE")).json()).toMatchObject({ id: "sess_ours", deleted: true });
        const requested = await db.system((tx) =>
          tx
            .select({ id: realtimeSessions.id })
            .from(realtimeSessions)
            .where(sql`end_requested_at is not null`),
        );
        expect(requested).toEqual([{ id: "sess_ours" }]);
      },
    );
  });
}
