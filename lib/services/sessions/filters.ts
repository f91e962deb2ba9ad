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

/** Rarer words than this are looked up in the index; it gathers all of a common one's places before it gives the first. */
const MANY_MATCHES = 5_000;
/** A common word is met in the newest of these sessions. */
const NEWEST = 300;

export function sessionConditions(org: string, filters: Omit<SessionFilters, "search">): SQL | undefined {
  const { from, to, status, agentId, keyId, userId, model, hasErrors, hasAudio } = filters;
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
  );
}

/** Looks only at the newest sessions under `condition`: enough to fill a page with a common word. */
export function amongNewest(condition: SQL | undefined, search: string): SQL {
  const { id, startedAt } = realtimeSessions;
  const newest = sql`select ${id} from ${realtimeSessions} where ${condition ?? sql`true`}
    order by ${startedAt} desc, ${id} desc limit ${NEWEST}`;
  return sql`${id} in (${newest}) and ${said(search)}`;
}

/** Sessions in which something was said, wherever they are. */
export async function matching(tx: Transaction, search: string): Promise<SQL> {
  const rows = await tx.execute<{ session_id: string }>(
    sql`select session_id from antiphon_search_items(${search}, ${MANY_MATCHES + 1})`,
  );
  if (rows.length > MANY_MATCHES) return said(search);
  const ids = [...new Set(rows.map(({ session_id }) => session_id))];
  return ids.length === 0 ? sql`false` : inArray(realtimeSessions.id, ids);
}

function said(search: string): SQL {
  return sql`exists (select from items where items.session_id = ${realtimeSessions.id}
    and items.search @@ websearch_to_tsquery('simple', ${search}))`;
}
