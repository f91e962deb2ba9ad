import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { items, recordingGaps, recordings, responses } from "../../db/schema/index";
import { defineService } from "../service";
import { requireSession, viewSession } from "./view";

/** A session with its conversation, responses, recordings and gaps. Events come in pages of their own. */
export const getSession = defineService({
  name: "sessions.get",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input }) => {
    const session = await requireSession(tx, input.id);
    return { ...viewSession(session), config: session.config, ...(await contentsOf(tx, input.id)) };
  },
});

const MOST_ITEMS = 10_000;

export async function contentsOf(tx: Transaction, sessionId: string) {
  const said = await tx
    .select()
    .from(items)
    .where(eq(items.sessionId, sessionId))
    .orderBy(asc(items.position))
    .limit(MOST_ITEMS);
  const answered = await tx
    .select()
    .from(responses)
    .where(eq(responses.sessionId, sessionId))
    .orderBy(asc(responses.createdMs));
  const audio = await tx.select().from(recordings).where(eq(recordings.sessionId, sessionId));
  const gaps = await tx.select().from(recordingGaps).where(eq(recordingGaps.sessionId, sessionId));
  return {
    items: said.map(({ orgId: _org, search: _search, ...item }) => item),
    responses: answered.map(({ orgId: _org, ...response }) => response),
    recordings: audio.map(({ orgId: _org, path: _path, store: _store, ...recording }) => recording),
    gaps: gaps.map(({ orgId: _org, ...gap }) => gap),
  };
}
