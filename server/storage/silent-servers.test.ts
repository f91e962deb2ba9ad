/** A server that falls silent, beside one that does not. */
import { once } from "node:events";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { WebSocket } from "ws";
import { connect, type Database } from "../../lib/db/client";
import type { OpenedDatabase } from "../../lib/db/open";
import { realtimeSessions } from "../../lib/db/schema/index";
import { createKey } from "../../lib/services/keys/create";
import { getSession } from "../../lib/services/sessions/get";
import { closeAll, dataFolder, freshDatabase, open, owner, reply, sharedEmbedded, start } from "./testing/servers";

afterEach(closeAll);

const soon = { timeout: 60_000, interval: 100 };
const DATABASES = [
  { kind: "embedded" as const, url: undefined },
  { kind: "postgresql" as const, url: inject("postgresUrl") ?? undefined },
];

/** A server's own way to the database, which can be out of reach. */
function unsteady(openDatabase: () => Promise<OpenedDatabase>) {
  const state = { away: false };
  const gone = () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" }));
  const openIt = async (): Promise<OpenedDatabase> => {
    const db = await openDatabase();
    return {
      ...db,
      system: (work) => (state.away ? gone() : db.system(work)),
      tenant: (org, work) => (state.away ? gone() : db.tenant(org, work)),
    };
  };
  return Object.assign(state, { open: openIt });
}

/** As if nobody had given a sign for so long. */
const age = (db: Database) =>
  db.system((tx) => tx.update(realtimeSessions).set({ seenAt: sql`now() - interval '10 minutes'` }));

for (const { kind, url } of DATABASES) {
  const skip = kind === "postgresql" && url === undefined;
  describe.skipIf(skip)(`two servers on one database (${kind}${skip ? ": none answers" : ""})`, () => {
    it(
      "end the sessions of one that fell silent, and give them back when it returns",
      { timeout: 240_000 },
      async () => {
        const source = (): Record<string, string> => ({
          DATA_DIR: dataFolder(),
          ANTIPHON_SECRET: "what the two servers share",
        });
        const LIFE = { life: 100 };
        const target = url === undefined ? undefined : await freshDatabase(url);
        const embedded = target === undefined ? await sharedEmbedded() : undefined;
        const first =
          target === undefined
            ? await start(source(), embedded, LIFE)
            : await start({ ...source(), DATABASE_URL: target }, undefined, LIFE);
        const ctx = await owner(first.storage);
        const way = unsteady(
          embedded ?? (async () => ({ ...connect({ target: { url: target ?? "" } }), kind: "postgresql" })),
        );
        const second = await start(source(), way.open, LIFE);
        const { key } = await createKey({ ctx, input: { name: "Both" } });
        const [mine, theirs] = [await open(first.base, key), await open(second.base, key)];
        const standing = async () => {
          const [one, other] = await Promise.all(
            [mine, theirs].map(({ sessionId: id }) => getSession({ ctx, input: { id } })),
          );
          return [one?.status, one?.endReason, other?.status, other?.endReason];
        };
        await vi.waitFor(async () => expect(await standing()).toEqual(["live", null, "live", null]), soon);

        // Nobody is ended by the other while both give signs.
        await age(ctx.db);
        await vi.waitFor(async () => {
          expect(await standing()).toEqual(["live", null, "live", null]);
          const { seenAt } = await getSession({ ctx, input: { id: theirs.sessionId } });
          expect(seenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
        }, soon);

        way.away = true;
        await age(ctx.db);
        await vi.waitFor(async () => expect(await standing()).toEqual(["live", null, "ended", "server_lost"]), soon);
        const lost = await getSession({ ctx, input: { id: theirs.sessionId } });
        expect(lost.endedAt?.getTime()).toBe(lost.seenAt.getTime());
        // Its server holds it all the time.
        expect(theirs.readyState).toBe(WebSocket.OPEN);

        way.away = false;
        await vi.waitFor(async () => expect(await standing()).toEqual(["live", null, "live", null]), soon);
        expect(await reply(theirs, "Are you still there?")).toBe("completed");
        const closed = once(theirs, "close");
        theirs.close();
        await closed;
        await vi.waitFor(async () => {
          const { status, endReason, responses } = await getSession({ ctx, input: { id: theirs.sessionId } });
          expect([status, responses.length]).toEqual(["ended", 1]);
          expect(endReason).not.toBe("server_lost");
        }, soon);
      },
    );
  });
}
