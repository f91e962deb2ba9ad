/** Sessions that have ended, for the REST route: by the tenant of the key. */
import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../db/client";
import { conversations, items, realtimeSessions, responses } from "../../db/schema/index";

export interface EndedSession {
  readonly id: string;
  readonly conversationId: string;
  readonly model: string;
  readonly transport: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** Of its responses. */
  readonly usages: readonly unknown[];
  /** Of all that it did. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface EndedQuery {
  readonly org: string;
  readonly before?: { readonly startedAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

export async function endedSessions(db: Database, { org, before, limit }: EndedQuery): Promise<EndedSession[]> {
  return db.tenant(org, async (tx) => {
    const { startedAt, id } = realtimeSessions;
    const rows = await ended(tx)
      .where(
        and(
          eq(realtimeSessions.orgId, org),
          eq(realtimeSessions.status, "ended"),
          before && sql`(${startedAt}, ${id}) < (${before.startedAt.toISOString()}::timestamptz, ${before.id})`,
        ),
      )
      .orderBy(desc(startedAt), desc(id))
      .limit(limit);
    const whole: EndedSession[] = [];
    for (const row of rows) whole.push(await withUsages(tx, row));
    return whole;
  });
}

/** With its items, in the order of the conversation. */
export async function endedSession(
  db: Database,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<(EndedSession & { readonly items: readonly unknown[] }) | undefined> {
  return db.tenant(org, async (tx) => {
    const [row] = await ended(tx).where(and(eq(realtimeSessions.id, id), eq(realtimeSessions.status, "ended")));
    if (!row) return undefined;
    const said = await tx
      .select({ content: items.content })
      .from(items)
      .where(and(eq(items.sessionId, id), eq(items.deleted, false)))
      .orderBy(asc(items.position));
    return { ...(await withUsages(tx, row)), items: said.map(({ content }) => content) };
  });
}

function ended(tx: Transaction) {
  return tx
    .select({
      id: realtimeSessions.id,
      conversationId: conversations.id,
      model: realtimeSessions.model,
      transport: realtimeSessions.transport,
      startedAt: realtimeSessions.startedAt,
      endedAt: realtimeSessions.endedAt,
      inputTokens: realtimeSessions.inputTokens,
      outputTokens: realtimeSessions.outputTokens,
    })
    .from(realtimeSessions)
    .innerJoin(conversations, eq(conversations.sessionId, realtimeSessions.id))
    .$dynamic();
}

type Row = Awaited<ReturnType<typeof ended>>[number];

async function withUsages(tx: Transaction, { endedAt, ...row }: Row): Promise<EndedSession> {
  const rows = await tx.select({ usage: responses.usage }).from(responses).where(eq(responses.sessionId, row.id));
  const usages = rows.map(({ usage }) => usage).filter((usage) => usage !== null);
  return { ...row, endedAt: endedAt ?? row.startedAt, usages };
}
