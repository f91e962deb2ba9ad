/** Writes operations into the database, many in a statement, all of a batch in one transaction. */
import { eq, getTableColumns, lt, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Database, Transaction } from "../../lib/db/client";
import {
  conversations,
  items,
  realtimeSessions,
  recordedBatches,
  recordingGaps,
  recordings,
  responses,
  sessionEvents,
  toolCalls,
  usage,
} from "../../lib/db/schema/index";
import { newId } from "../../lib/ids";
import { enqueueWebhooks } from "../../lib/services/webhooks/enqueue";
import type { NewItem, NewRecording, NewResponse, NewSession, Operation, SessionChange, Usage } from "./rows";

export interface Batch {
  /** Of its own: a batch whose answer was lost is not written twice. */
  readonly id: string;
  readonly operations: readonly Operation[];
}

type Of<T extends Operation["type"]> = Extract<Operation, { type: T }>;

/** True when there are webhooks to send now. */
export async function writeBatch(db: Database, { id, operations }: Batch): Promise<boolean> {
  return db.system(async (tx) => {
    const fresh = await tx.insert(recordedBatches).values({ id }).onConflictDoNothing().returning();
    if (fresh.length === 0) return false;
    const of = <T extends Operation["type"]>(type: T): Of<T>[] =>
      operations.filter((operation): operation is Of<T> => operation.type === type);
    await writeSessions(tx, of("session"));
    await writeItems(
      tx,
      of("item").map(({ row }) => row),
    );
    await writeResponses(
      tx,
      of("response").map(({ row }) => row),
    );
    const events = of("event").map(({ row }) => row);
    if (events.length > 0) await tx.insert(sessionEvents).values(events).onConflictDoNothing();
    const recorded = of("recording").map(({ row }) => row);
    if (recorded.length > 0) await writeRecordings(tx, recorded);
    const called = of("tool-call").map(({ row }) => ({ ...row, at: new Date(row.at) }));
    if (called.length > 0) await tx.insert(toolCalls).values(called).onConflictDoNothing();
    await writeChanges(tx, of("change"));
    await writeGaps(tx, of("gap"));
    await writeUsage(tx, of("usage"));
    await writeCosts(tx, of("usage"));
    let told = 0;
    for (const { org, message } of of("webhook")) told += await enqueueWebhooks(tx, org, message);
    return told > 0;
  });
}

export async function forgetBatches(db: Database): Promise<void> {
  await db.system((tx) => tx.delete(recordedBatches).where(lt(recordedBatches.at, sql`now() - interval '1 day'`)));
}

async function writeSessions(tx: Transaction, made: readonly Of<"session">[]): Promise<void> {
  if (made.length === 0) return;
  await tx
    .insert(realtimeSessions)
    .values(made.map(({ row }) => datesOf(row)))
    .onConflictDoNothing();
  await tx
    .insert(conversations)
    .values(made.map(({ org, session, conversationId }) => ({ id: conversationId, orgId: org, sessionId: session })))
    .onConflictDoNothing();
}

async function writeItems(tx: Transaction, rows: readonly NewItem[]): Promise<void> {
  const latest = [...new Map(rows.map((row) => [`${row.sessionId} ${row.id}`, row])).values()];
  if (latest.length === 0) return;
  await tx
    .insert(items)
    .values(latest)
    .onConflictDoUpdate({
      target: [items.sessionId, items.id],
      set: excluded(items, [
        "responseId",
        "status",
        "content",
        "transcript",
        "doneMs",
        "saidFromMs",
        "saidToMs",
        "interrupted",
        "heardMs",
        "deleted",
      ]),
    });
}

async function writeResponses(tx: Transaction, rows: readonly NewResponse[]): Promise<void> {
  const latest = [...new Map(rows.map((row) => [row.id, row])).values()];
  if (latest.length === 0) return;
  await tx
    .insert(responses)
    .values(latest.map((row) => ({ ...row, at: new Date(row.at) })))
    .onConflictDoNothing();
}

/** Taken up meanwhile by a server that had heard nothing of this one: who recorded it knows better. */
async function writeRecordings(tx: Transaction, rows: readonly NewRecording[]): Promise<void> {
  await tx
    .insert(recordings)
    .values([...rows])
    .onConflictDoUpdate({
      target: [recordings.sessionId, recordings.side],
      set: excluded(recordings, ["sampleRate", "bytes", "durationMs", "peaks", "store", "path", "place"]),
    });
}

/** Each session's last word on itself. */
async function writeChanges(tx: Transaction, changes: readonly Of<"change">[]): Promise<void> {
  const merged = new Map<string, SessionChange>();
  for (const { session, set } of changes) merged.set(session, { ...merged.get(session), ...set });
  for (const [id, set] of merged)
    await tx.update(realtimeSessions).set(datesOf(set)).where(eq(realtimeSessions.id, id));
}

async function writeGaps(tx: Transaction, gaps: readonly Of<"gap">[]): Promise<void> {
  if (gaps.length === 0) return;
  await tx.insert(recordingGaps).values(
    gaps.map(({ org, session, gap }) => ({
      id: newId("gap"),
      orgId: org,
      sessionId: session,
      from: new Date(gap.from),
      to: new Date(gap.to),
      lost: gap.lost,
      reason: gap.reason,
    })),
  );
  for (const id of new Set(gaps.map(({ session }) => session)))
    await tx.update(realtimeSessions).set({ hasGaps: true }).where(eq(realtimeSessions.id, id));
}

const SUMMED = [
  "sessions",
  "responses",
  "failedResponses",
  "errors",
  "durationMs",
  "inputTextTokens",
  "inputAudioTokens",
  "cachedTokens",
  "outputTextTokens",
  "outputAudioTokens",
  "costMicros",
] as const satisfies readonly (keyof Usage)[];

async function writeUsage(tx: Transaction, used: readonly Of<"usage">[]): Promise<void> {
  const sums = new Map<string, Usage & { orgId: string }>();
  for (const { org, row } of used) {
    const key = [org, row.day, row.keyId, row.agentId, row.model].join(" ");
    const sum = sums.get(key) ?? { orgId: org, day: row.day, keyId: row.keyId, agentId: row.agentId, model: row.model };
    for (const name of SUMMED) sum[name] = (sum[name] ?? 0) + (row[name] ?? 0);
    sums.set(key, sum);
  }
  if (sums.size === 0) return;
  // In one order, so that two servers never wait for each other.
  const rows = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await tx
    .insert(usage)
    .values(rows)
    .onConflictDoUpdate({
      target: [usage.orgId, usage.day, usage.keyId, usage.agentId, usage.model],
      set: Object.fromEntries(
        SUMMED.map((name) => [name, sql`${usage[name]} + excluded.${sql.identifier(snake(name))}`]),
      ),
    });
}

async function writeCosts(tx: Transaction, used: readonly Of<"usage">[]): Promise<void> {
  const costs = new Map<string, number>();
  for (const { session, row } of used)
    if (row.costMicros) costs.set(session, (costs.get(session) ?? 0) + row.costMicros);
  for (const [id, cost] of costs)
    await tx
      .update(realtimeSessions)
      .set({ costMicros: sql`${realtimeSessions.costMicros} + ${cost}` })
      .where(eq(realtimeSessions.id, id));
}

function excluded<T extends PgTable>(table: T, names: readonly string[]) {
  const columns: Record<string, PgColumn> = getTableColumns(table);
  return Object.fromEntries(
    names.filter((name) => name in columns).map((name) => [name, sql`excluded.${sql.identifier(snake(name))}`]),
  );
}

/** As `casing` has it. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const DATES = ["startedAt", "endedAt", "seenAt", "endRequestedAt", "purgedAt"] as const;
type Date4 = (typeof DATES)[number];

/** Operations may have waited as JSON, which knows no dates. */
function datesOf<T extends NewSession | SessionChange>(
  row: T,
): Omit<T, Date4> & { [K in Date4 & keyof T]: T[K] extends string ? Date : Date | Extract<T[K], null | undefined> } {
  const dated: Record<string, unknown> = { ...row };
  for (const name of DATES) if (typeof dated[name] === "string") dated[name] = new Date(dated[name]);
  return dated as never;
}
