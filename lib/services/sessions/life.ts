/** Jobs over all organisations: which sessions are alive, and what retention takes away. */
import { and, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../db/client";
import {
  items,
  orgSettings,
  realtimeSessions,
  recordings,
  responses,
  sessionEvents,
  toolCalls,
} from "../../db/schema/index";
import { deleteRecordings } from "./audio-deletions";

/** How another server ends what its own seems to have left. */
const LOST = "server_lost";

/** A sign of life of those that run here; taken for lost while the database was out of reach, they live again. */
export async function keepAlive(db: Database, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  const { id, status, endReason } = realtimeSessions;
  const live = { status: "live" as const, endedAt: null, endReason: null, durationMs: null };
  await db.system((tx) =>
    tx
      .update(realtimeSessions)
      .set({ ...live, seenAt: sql`now()` })
      .where(and(inArray(id, [...sessionIds]), or(eq(status, "live"), eq(endReason, LOST)))),
  );
}

/** Of these, the ones that somebody wants ended. */
export async function endRequested(db: Database, sessionIds: readonly string[]): Promise<string[]> {
  if (sessionIds.length === 0) return [];
  const { id, endRequestedAt } = realtimeSessions;
  const rows = await db.system((tx) =>
    tx
      .select({ id })
      .from(realtimeSessions)
      .where(and(inArray(id, [...sessionIds]), isNotNull(endRequestedAt))),
  );
  return rows.map((row) => row.id);
}

const SILENT_MINUTES = 3;

/** Ends those whose server is gone, at their last sign of life. Returns how many. */
export async function endSilent(db: Database): Promise<number> {
  const ended = await db.system((tx) =>
    tx
      .update(realtimeSessions)
      .set({
        status: "ended",
        endedAt: realtimeSessions.seenAt,
        endReason: LOST,
        durationMs: sql`extract(epoch from (${realtimeSessions.seenAt} - ${realtimeSessions.startedAt})) * 1000`,
      })
      .where(
        and(
          eq(realtimeSessions.status, "live"),
          lt(realtimeSessions.seenAt, sql`now() - make_interval(mins => ${SILENT_MINUTES})`),
        ),
      )
      .returning({ id: realtimeSessions.id }),
  );
  return ended.length;
}

const AT_A_TIME = 500;

/** Takes away what is older than its organisation wants it kept; the files of its audio are to go from then on. */
export async function applyRetention(db: Database): Promise<void> {
  const settings = await db.system((tx) => tx.select().from(orgSettings));
  for (const { orgId, transcriptDays, audioDays } of settings) {
    if (transcriptDays !== null) while ((await purgeTexts(db, orgId, transcriptDays)) === AT_A_TIME);
    if (audioDays !== null) await db.tenant(orgId, (tx) => purgeAudio(tx, audioDays));
  }
}

async function purgeTexts(db: Database, org: string, days: number): Promise<number> {
  return db.tenant(org, async (tx) => {
    const old = await tx
      .select({ id: realtimeSessions.id })
      .from(realtimeSessions)
      .where(
        and(
          eq(realtimeSessions.orgId, org),
          eq(realtimeSessions.status, "ended"),
          isNull(realtimeSessions.purgedAt),
          lt(realtimeSessions.startedAt, daysAgo(days)),
        ),
      )
      .limit(AT_A_TIME)
      // Another server may be at the same work: each takes its own.
      .for("update", { skipLocked: true });
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await tx.delete(sessionEvents).where(inArray(sessionEvents.sessionId, ids));
    await tx.delete(items).where(inArray(items.sessionId, ids));
    await tx.update(responses).set({ statusDetails: null }).where(inArray(responses.sessionId, ids));
    await tx.update(toolCalls).set({ problem: null }).where(inArray(toolCalls.sessionId, ids));
    await tx
      .update(realtimeSessions)
      .set({ purgedAt: sql`now()`, preview: null, config: null })
      .where(inArray(realtimeSessions.id, ids));
    return ids.length;
  });
}

async function purgeAudio(tx: Transaction, days: number): Promise<void> {
  const gone = await deleteRecordings(tx, lt(recordings.createdAt, daysAgo(days)));
  const ids = [...new Set(gone.map(({ sessionId }) => sessionId))];
  if (ids.length > 0)
    await tx.update(realtimeSessions).set({ hasAudio: false }).where(inArray(realtimeSessions.id, ids));
}

function daysAgo(days: number) {
  return sql`now() - make_interval(days => ${days})`;
}
