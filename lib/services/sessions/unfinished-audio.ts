/** For a job: what is known of sessions whose audio was left behind, and how it becomes theirs after all. */
import { eq, inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { audioDeletions, organisations, realtimeSessions, recordings } from "../../db/schema/index";
import { newId } from "../../ids";

export interface AudioOwner {
  readonly org: string;
  readonly session: string;
}

export interface AudioStanding {
  /** `foreign`: its organisation is none of this database's. */
  readonly state: "live" | "ended" | "gone" | "foreign";
  /** Of the recordings that are written down, and of those that are to go. */
  readonly paths: ReadonlyMap<string, { readonly store: "file" | "s3" }>;
}

/** In the order of `owners`. */
export async function audioStandings(
  db: Database,
  owners: readonly AudioOwner[],
  pathsOf: (owner: AudioOwner) => readonly string[],
): Promise<AudioStanding[]> {
  const sessionIds = owners.map(({ session }) => session);
  const orgIds = owners.map(({ org }) => org);
  const { id, orgId, status } = realtimeSessions;
  return db.system(async (tx) => {
    const orgs = await tx.select({ id: organisations.id }).from(organisations).where(inArray(organisations.id, orgIds));
    const sessions = await tx.select({ id, orgId, status }).from(realtimeSessions).where(inArray(id, sessionIds));
    const { store, path } = recordings;
    const kept = await tx.select({ store, path }).from(recordings).where(inArray(recordings.sessionId, sessionIds));
    const going = await tx
      .select({ store: audioDeletions.store, path: audioDeletions.path })
      .from(audioDeletions)
      .where(inArray(audioDeletions.path, owners.flatMap(pathsOf)));
    const paths = new Map([...kept, ...going].map((row) => [row.path, row]));
    return owners.map(({ org, session }) => {
      const found = sessions.find((each) => each.id === session);
      const known = orgs.some((each) => each.id === org) && (found === undefined || found.orgId === org);
      return { state: known ? (found?.status ?? "gone") : "foreign", paths };
    });
  });
}

export type AdoptedAudio = Omit<typeof recordings.$inferInsert, "id" | "orgId" | "sessionId" | "format" | "createdAt">;

/** As old as its session's end. What its own server wrote down meanwhile stays as it is. */
export async function adoptAudio(db: Database, { org, session }: AudioOwner, audio: AdoptedAudio): Promise<void> {
  await db.tenant(org, async (tx) => {
    const [row] = await tx
      .update(realtimeSessions)
      .set({ hasAudio: true })
      .where(eq(realtimeSessions.id, session))
      .returning({ endedAt: realtimeSessions.endedAt });
    if (row === undefined) throw new Error("Its session was deleted.");
    const of = { id: newId("recording"), orgId: org, sessionId: session, format: "audio/wav" };
    await tx
      .insert(recordings)
      .values({ ...of, ...audio, ...(row.endedAt !== null && { createdAt: row.endedAt }) })
      .onConflictDoNothing();
  });
}
