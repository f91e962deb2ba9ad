/** Which sessions: the same filters for the list, live or not. */
import { and, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { realtimeSessions } from "../../db/schema/index";

export const sessionFilters = {
  from: z.date().optional(),
  to: z.date().optional(),
  status: z.enum(["live", "ended"]).optional(),
  agentId: z.string().max(100).optional(),
  keyId: z.string().max(100).optional(),
  userId: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  hasErrors: z.boolean().optional(),
  hasAudio: z.boolean().optional(),
  /** Words of the transcripts: all of them, "quoted" in this order, -without, one or the other with "or". */
  search: z.string().trim().max(200).optional(),
};
export type SessionFilters = z.output<z.ZodObject<typeof sessionFilters>>;

/** Rarer words than this are looked up; commoner ones are met soon enough when walking from the newest. */
const MANY_MATCHES = 5_000;

export async function sessionConditions(
  tx: Transaction,
  org: string,
  filters: SessionFilters,
): Promise<SQL | undefined> {
  const { from, to, status, agentId, keyId, userId, model, hasErrors, hasAudio, search } = filters;
  const table = realtimeSessions;
  return and(
    eq(table.orgId, org),
    from && gte(table.startedAt, from),
    to && lt(table.startedAt, to),
    status && eq(table.status, status),
    agentId === undefined ? undefined : eq(table.agentId, agentId),
    keyId === undefined ? undefined : eq(table.keyId, keyId),
    userId === undefined ? undefined : eq(table.userId, userId),
    model === undefined ? undefined : eq(table.model, model),
    hasErrors === undefined ? undefined : hasErrors ? sql`${table.errors} > 0` : eq(table.errors, 0),
    hasAudio === undefined ? undefined : eq(table.hasAudio, hasAudio),
    search ? await matching(tx, search) : undefined,
  );
}

async function matching(tx: Transaction, search: string): Promise<SQL> {
  const rows = await tx.execute<{ session_id: string }>(
    sql`select session_id from antiphon_search_items(${search}, ${MANY_MATCHES + 1})`,
  );
  if (rows.length <= MANY_MATCHES) {
    const ids = [...new Set(rows.map(({ session_id }) => session_id))];
    return ids.length === 0 ? sql`false` : inArray(realtimeSessions.id, ids);
  }
  return sql`exists (select from items where items.session_id = ${realtimeSessions.id}
    and items.search @@ websearch_to_tsquery('simple', ${search}))`;
}
