import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Database } from "../../lib/db/client";
import { audioDeletions, realtimeSessions, recordings } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { newId } from "../../lib/ids";
import type { ServiceContext } from "../../lib/services/context";
import { applyRetention } from "../../lib/services/sessions/life";
import { removeSession } from "../../lib/services/sessions/remove";
import { recordingDefaults } from "../../lib/services/settings/fields";
import { setRecording } from "../../lib/services/settings/set-recording";
import { seedMember, seedServices, unique } from "../../lib/services/testing/seed";
import { createAudioStore } from "../observers/audio/store";
import { removeAudio } from "./audio-removal";

const AGES_AGO = new Date(Date.now() - 30 * 864e5);

interface Recorded {
  readonly store?: "file" | "s3";
  readonly place?: string;
}

/** An ended session with one recording, made long ago. */
async function seedRecorded(ctx: ServiceContext, path: string, { store = "s3", place }: Recorded = {}) {
  const id = `sess_${unique()}`;
  await ctx.db.tenant(ctx.org, async (tx) => {
    const times = { startedAt: AGES_AGO, endedAt: AGES_AGO, seenAt: AGES_AGO };
    const what = { model: "antiphon", transport: "memory", status: "ended", hasAudio: true } as const;
    await tx.insert(realtimeSessions).values({ id, orgId: ctx.org, ...what, ...times });
    const file = { side: "input", format: "audio/wav", sampleRate: 24_000, bytes: 44, durationMs: 0 } as const;
    const of = { id: newId("recording"), orgId: ctx.org, sessionId: id, createdAt: AGES_AGO };
    await tx.insert(recordings).values({ ...of, ...file, store, path, place: place ?? null });
  });
  return id;
}

/** A store that refuses some paths, and whose process can end. */
function unwilling(place = "here") {
  const state = { refused: new Set<string>(), removed: [] as string[], asked: 0 };
  const store = {
    place: async () => place,
    remove: async ({ path }: { path: string }) => {
      state.asked += 1;
      if (state.refused.has(path)) throw new Error("The bucket is away.");
      state.removed.push(path);
    },
  };
  return Object.assign(state, { store });
}

const waiting = async (db: Database, org: string) =>
  (await db.tenant(org, (tx) => tx.select().from(audioDeletions))).map(({ path, attempts }) => [path, attempts]);

/** As if the pause before the next attempt were over. */
const later = (db: Database, org: string) =>
  db.system((tx) =>
    tx
      .update(audioDeletions)
      .set({ nextAttemptAt: sql`now()` })
      .where(eq(audioDeletions.orgId, org)),
  );

describeDatabase("recorded audio that is deleted", (db) => {
  it("goes at once, and what a bucket refuses is tried again after growing pauses, by whatever process", async () => {
    const ctx = await seedMember(seedServices(db()));
    const [stuck, free] = [`${unique()}-stuck`, `${unique()}-free`];
    for (const path of [stuck, free]) {
      const id = await seedRecorded(ctx, path);
      await removeSession({ ctx, input: { id } });
    }
    const first = unwilling();
    first.refused.add(stuck);
    await expect(removeAudio(db(), first.store)).rejects.toThrow("Recorded files that could not be deleted: 1.");
    expect(first.removed).toEqual([free]);
    expect(await waiting(db(), ctx.org)).toEqual([[stuck, 1]]);
    // Its time has not come: a bucket that is away is not asked all the time.
    await removeAudio(db(), first.store);
    expect(first.asked).toBe(2);

    await later(db(), ctx.org);
    await expect(removeAudio(db(), first.store)).rejects.toThrow();
    const pauses = await db().tenant(ctx.org, (tx) =>
      tx
        .select({ seconds: sql<number>`extract(epoch from ${audioDeletions.nextAttemptAt} - now())::int` })
        .from(audioDeletions),
    );
    expect(pauses[0]?.seconds).toBeGreaterThan(90);
    expect(pauses[0]?.seconds).toBeLessThanOrEqual(120);

    // The process is gone; another one begins.
    await later(db(), ctx.org);
    const second = unwilling();
    await removeAudio(db(), second.store);
    expect(second.removed).toEqual([stuck]);
    expect(await waiting(db(), ctx.org)).toEqual([]);
  });

  it("goes by retention too, and is written down although nobody deletes it then", async () => {
    const ctx = await seedMember(seedServices(db()));
    await setRecording({ ctx, input: { ...recordingDefaults, audioDays: 7 } });
    const path = unique();
    await seedRecorded(ctx, path);
    await Promise.all([applyRetention(db()), applyRetention(db())]);
    expect(await waiting(db(), ctx.org)).toEqual([[path, 0]]);
    const stranger = await seedMember(seedServices(db()));
    expect(await waiting(db(), stranger.org)).toEqual([]);
    const { store, removed } = unwilling();
    await removeAudio(db(), store);
    expect(removed).toEqual([path]);
  });

  it("waits for the server on whose disk it lies", async () => {
    const ctx = await seedMember(seedServices(db()));
    const path = unique();
    const id = await seedRecorded(ctx, path, { store: "file", place: "there" });
    await removeSession({ ctx, input: { id } });
    const [here, there] = [unwilling("here"), unwilling("there")];
    await removeAudio(db(), here.store);
    await removeAudio(db(), there.store);
    expect([here.removed, there.removed]).toEqual([[], [path]]);
  });

  it("is asked for once by servers that look at the same time, and does not stop at a hundred", async () => {
    const ctx = await seedMember(seedServices(db()));
    const prefix = unique();
    const due = Array.from({ length: 250 }, (_, i) => `${prefix}-${i}`);
    const row = (path: string) => ({ id: newId("recording"), orgId: ctx.org, store: "s3" as const, path });
    await db().tenant(ctx.org, (tx) => tx.insert(audioDeletions).values(due.map(row)));
    const [one, other] = [unwilling(), unwilling()];
    await Promise.all([removeAudio(db(), one.store), removeAudio(db(), other.store)]);
    expect([...one.removed, ...other.removed].toSorted()).toEqual(due.toSorted());
  });

  it("is not taken for deleted where the server is told of no bucket", async () => {
    const ctx = await seedMember(seedServices(db()));
    const path = unique();
    await removeSession({ ctx, input: { id: await seedRecorded(ctx, path) } });
    const folder = mkdtempSync(join(tmpdir(), "antiphon-audio-"));
    await expect(removeAudio(db(), createAudioStore({ folder, s3: undefined }))).rejects.toMatchObject({
      cause: { message: "A recording lies in a bucket, and this server is told of none." },
    });
    expect(await waiting(db(), ctx.org)).toEqual([[path, 1]]);
    await db().tenant(ctx.org, (tx) => tx.delete(audioDeletions));
  });
});
