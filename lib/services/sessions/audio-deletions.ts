/**
 * Recorded audio that is to go. It is written down by the transaction that takes its rows away, and stays so until its
 * file is gone: whatever ends a process or keeps a bucket out of reach, nobody's voice stays by accident.
 */
import { and, asc, eq, inArray, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../db/client";
import { audioDeletions, recordings } from "../../db/schema/index";

export interface AudioDeletion {
  readonly id: string;
  readonly store: "file" | "s3";
  readonly path: string;
}

/** Takes the rows away; their files are due at once. */
export async function deleteRecordings(
  tx: Transaction,
  condition: SQL | undefined,
): Promise<readonly { readonly sessionId: string }[]> {
  const gone = await tx.delete(recordings).where(condition).returning();
  const due = gone.map(({ id, orgId, store, path, place }) => ({ id, orgId, store, path, place }));
  if (due.length > 0) await tx.insert(audioDeletions).values(due).onConflictDoNothing();
  return gone;
}

/** After each attempt the next one is twice as far away, but never further than this. */
const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 6 * 60 * 60;

/**
 * Leases what is due to the server whose files lie in `place`; anybody may take objects of a bucket. What is not done by
 * the time of its next attempt is due again, also when this process died meanwhile.
 */
export async function leaseDeletions(
  db: Database,
  { place, limit }: { readonly place: string; readonly limit: number },
): Promise<AudioDeletion[]> {
  const { id, attempts, nextAttemptAt } = audioDeletions;
  return db.system(async (tx) => {
    const due = tx
      .select({ id })
      .from(audioDeletions)
      .where(and(lte(nextAttemptAt, sql`now()`), or(isNull(audioDeletions.place), eq(audioDeletions.place, place))))
      .orderBy(asc(nextAttemptAt))
      .limit(limit)
      .for("update", { skipLocked: true });
    return tx
      .update(audioDeletions)
      .set({
        attempts: sql`${attempts} + 1`,
        nextAttemptAt: sql`now() + make_interval(secs =>
          least(${LONGEST_PAUSE_SECONDS}, ${FIRST_PAUSE_SECONDS} * power(2, least(${attempts}, 20))))`,
      })
      .where(sql`${id} in ${due}`)
      .returning({ id, store: audioDeletions.store, path: audioDeletions.path });
  });
}

/** Their files are gone. */
export async function deletionsDone(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.system((tx) => tx.delete(audioDeletions).where(inArray(audioDeletions.id, [...ids])));
}
