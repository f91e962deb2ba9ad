/** Where an organisation stands: its limits, and what it has used of those that count for days and months. */
import { and, eq, gte, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { rateLimits, realtimeSessions, usage } from "../../db/schema/index";

export interface Limits {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly concurrentSessions: number | null;
  readonly minutesPerDay: number | null;
  readonly minutesPerMonth: number | null;
  readonly costPerDayMicros: number | null;
  readonly costPerMonthMicros: number | null;
}

export interface Spent {
  readonly minutesDay: number;
  readonly minutesMonth: number;
  readonly costDayMicros: number;
  readonly costMonthMicros: number;
  /** Alive now, at all servers. */
  readonly sessions: number;
}

export interface Standing {
  /** By `organisation`, `key <id>` and `agent <id>`. */
  readonly limits: ReadonlyMap<string, Limits>;
  readonly spent: ReadonlyMap<string, Spent>;
}

export const subjectOf = {
  organisation: "organisation",
  key: (id: string) => `key ${id}`,
};

const NOTHING: Spent = { minutesDay: 0, minutesMonth: 0, costDayMicros: 0, costMonthMicros: 0, sessions: 0 };

export async function standingOf(db: Database, org: string, now = new Date()): Promise<Standing> {
  const today = now.toISOString().slice(0, 10);
  const month = `${today.slice(0, 8)}01`;
  return db.tenant(org, async (tx) => {
    const rows = await tx.select().from(rateLimits);
    const sums = await tx
      .select({
        keyId: usage.keyId,
        minutesDay: sql<number>`coalesce(sum(${usage.durationMs}) filter (where ${usage.day} = ${today}), 0)::float8 / 60000`,
        minutesMonth: sql<number>`coalesce(sum(${usage.durationMs}), 0)::float8 / 60000`,
        costDayMicros: sql<number>`coalesce(sum(${usage.costMicros}) filter (where ${usage.day} = ${today}), 0)::float8`,
        costMonthMicros: sql<number>`coalesce(sum(${usage.costMicros}), 0)::float8`,
      })
      .from(usage)
      .where(and(eq(usage.orgId, org), gte(usage.day, month)))
      .groupBy(usage.keyId);
    // What runs now has not been added up yet.
    const live = await tx
      .select({
        keyId: sql<string>`coalesce(${realtimeSessions.keyId}, '')`,
        sessions: sql<number>`count(*)::int`,
        minutes: sql<number>`coalesce(sum(extract(epoch from now() - ${realtimeSessions.startedAt})), 0)::float8 / 60`,
      })
      .from(realtimeSessions)
      .where(and(eq(realtimeSessions.orgId, org), eq(realtimeSessions.status, "live")))
      .groupBy(realtimeSessions.keyId);

    const spent = new Map<string, Spent>();
    const add = (keyId: string, more: Partial<Spent>): void => {
      for (const subject of [subjectOf.organisation, subjectOf.key(keyId)])
        spent.set(subject, addUp(spent.get(subject) ?? NOTHING, more));
    };
    for (const { keyId, ...sum } of sums) add(keyId, sum);
    for (const { keyId, sessions, minutes } of live)
      add(keyId, { sessions, minutesDay: minutes, minutesMonth: minutes });
    const limits = new Map(
      rows.map(({ subject, subjectId, ...row }) => [
        subject === "organisation" ? subjectOf.organisation : `${subject} ${subjectId}`,
        row,
      ]),
    );
    return { limits, spent };
  });
}

function addUp(sum: Spent, more: Partial<Spent>): Spent {
  return {
    minutesDay: sum.minutesDay + (more.minutesDay ?? 0),
    minutesMonth: sum.minutesMonth + (more.minutesMonth ?? 0),
    costDayMicros: sum.costDayMicros + (more.costDayMicros ?? 0),
    costMonthMicros: sum.costMonthMicros + (more.costMonthMicros ?? 0),
    sessions: sum.sessions + (more.sessions ?? 0),
  };
}
