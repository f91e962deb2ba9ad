/** Sessions as they are written down, for the REST routes: by the tenant of the key. */
import { and, asc, desc, eq, or, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../db/client";
import { conversations, items, realtimeSessions, responses } from "../../db/schema/index";

export interface WrittenSession {
  readonly id: string;
  readonly callId: string | null;
  readonly conversationId: string;
  readonly model: string;
  readonly transport: string;
  readonly startedAt: Date;
  /** Null: it runs. */
  readonly endedAt: Date | null;
  /** Of its responses. */
  readonly usages: readonly unknown[];
  /** Of all that it did. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface WrittenConversation extends WrittenSession {
  readonly config: unknown;
  /** In the order of the conversation. */
  readonly items: readonly unknown[];
}

export interface WrittenQuery {
  readonly org: string;
  readonly status: "live" | "ended" | undefined;
  readonly before: { readonly startedAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function writtenSessions(
  db: Database,
  { org, status, before, limit }: WrittenQuery,
): Promise<WrittenSession[]> {
  return db.tenant(org, async (tx) => {
    const { startedAt, id } = realtimeSessions;
    const rows = await written(tx)
      .where(
        and(
          eq(realtimeSessions.orgId, org),
          status && eq(realtimeSessions.status, status),
          before && sql`(${startedAt}, ${id}) < (${before.startedAt.toISOString()}::timestamptz, ${before.id})`,
        ),
      )
      .orderBy(desc(startedAt), desc(id))
      .limit(limit);
    const whole: WrittenSession[] = [];
    for (const row of rows) whole.push(await withUsages(tx, row));
    return whole;
  });
}

export interface WrittenPlace {
  readonly org: string;
  /** The session's, or its call's. */
  readonly id: string;
}

export async function writtenSession(
  db: Database,
  { org, id }: WrittenPlace,
): Promise<WrittenConversation | undefined> {
  return db.tenant(org, async (tx) => {
    const [row] = await written(tx).where(named(id));
    if (!row) return undefined;
    const said = await tx
      .select({ content: items.content })
      .from(items)
      .where(and(eq(items.sessionId, row.id), eq(items.deleted, false)))
      .orderBy(asc(items.position));
    const [kept] = await tx
      .select({ config: realtimeSessions.config })
      .from(realtimeSessions)
      .where(eq(realtimeSessions.id, row.id));
    return { ...(await withUsages(tx, row)), config: kept?.config, items: said.map(({ content }) => content) };
  });
}

/** Undefined: there is none, or it has ended. */
export async function liveSessionId(db: Database, { org, id }: WrittenPlace): Promise<string | undefined> {
  const [row] = await db.tenant(org, (tx) =>
    tx
      .select({ id: realtimeSessions.id })
      .from(realtimeSessions)
      .where(and(named(id), eq(realtimeSessions.status, "live"))),
  );
  return row?.id;
}

function named(id: string) {
  return or(eq(realtimeSessions.id, id), eq(realtimeSessions.callId, id));
}

function written(tx: Transaction) {
  return tx
    .select({
      id: realtimeSessions.id,
      callId: realtimeSessions.callId,
      conversationId: conversations.id,
      model: realtimeSessions.model,
      transport: realtimeSessions.transport,
      status: realtimeSessions.status,
      startedAt: realtimeSessions.startedAt,
      endedAt: realtimeSessions.endedAt,
      inputTokens: realtimeSessions.inputTokens,
      outputTokens: realtimeSessions.outputTokens,
    })
    .from(realtimeSessions)
    .innerJoin(conversations, eq(conversations.sessionId, realtimeSessions.id))
    .$dynamic();
}

type Row = Awaited<ReturnType<typeof written>>[number];

async function withUsages(tx: Transaction, { status, endedAt, ...row }: Row): Promise<WrittenSession> {
  const rows = await tx.select({ usage: responses.usage }).from(responses).where(eq(responses.sessionId, row.id));
  const usages = rows.map(({ usage }) => usage).filter((usage) => usage !== null);
  return { ...row, endedAt: status === "live" ? null : (endedAt ?? row.startedAt), usages };
}
