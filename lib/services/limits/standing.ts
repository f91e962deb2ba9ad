/** Where an organisation stands: its limits, and what it has used of those that count for days and months. */
import { and, eq, gte, isNull, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../db/client";
import { agents, agentVersions, rateLimits, realtimeSessions, usage } from "../../db/schema/index";
import { agentConfig } from "../agents/config";

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
  agent: (id: string) => `agent ${id}`,
};

export const NO_LIMITS: Limits = {
  requestsPerMinute: null,
  tokensPerMinute: null,
  concurrentSessions: null,
  minutesPerDay: null,
  minutesPerMonth: null,
  costPerDayMicros: null,
  costPerMonthMicros: null,
};
export const NOTHING: Spent = { minutesDay: 0, minutesMonth: 0, costDayMicros: 0, costMonthMicros: 0, sessions: 0 };

export async function standingOf(db: Database, org: string, now = new Date()): Promise<Standing> {
  return db.tenant(org, async (tx) => ({ limits: await limitsOf(tx, org), spent: await spentOf(tx, org, now) }));
}

/** By the names of subjects. */
export async function spentOf(tx: Transaction, org: string, now = new Date()): Promise<Map<string, Spent>> {
  const today = now.toISOString().slice(0, 10);
  const spent = new Map<string, Spent>();
  for (const { keyId, agentId, ...more } of [...(await usedBy(tx, org, today)), ...(await running(tx, org))]) {
    const subjects = [subjectOf.organisation, subjectOf.key(keyId), subjectOf.agent(agentId)];
    for (const subject of subjects) spent.set(subject, addUp(spent.get(subject) ?? NOTHING, more));
  }
  return spent;
}

/** Those set on the page of limits, and those saved with the agents: where both are set, the tighter one holds. */
async function limitsOf(tx: Transaction, org: string): Promise<Map<string, Limits>> {
  const limits = new Map<string, Limits>();
  for (const { subject, subjectId, ...row } of await tx.select().from(rateLimits))
    limits.set(subject === "organisation" ? subjectOf.organisation : `${subject} ${subjectId}`, row);
  for (const [id, own] of await savedLimits(tx, org)) {
    const subject = subjectOf.agent(id);
    limits.set(subject, tighter(limits.get(subject) ?? NO_LIMITS, own));
  }
  return limits;
}

/** Those of agents that have some of their own, as the version in use has them; by the agent's id. */
export async function savedLimits(tx: Transaction, org: string): Promise<Map<string, Limits>> {
  const saved = await tx
    .select({ id: agents.id, limits: sql<unknown>`${agentVersions.config} -> 'limits'` })
    .from(agents)
    .innerJoin(agentVersions, and(eq(agentVersions.agentId, agents.id), eq(agentVersions.version, agents.version)))
    .where(
      and(eq(agents.orgId, org), isNull(agents.archivedAt), sql`${agentVersions.config} -> 'limits' <> '{}'::jsonb`),
    );
  return new Map(saved.map(({ id, limits }) => [id, tighter(NO_LIMITS, agentConfig.shape.limits.parse(limits))]));
}

function tighter(one: Limits, other: { readonly [K in keyof Limits]?: number | null | undefined }): Limits {
  const names = Object.keys(NO_LIMITS) as (keyof Limits)[];
  const least = (name: keyof Limits): number | null => {
    const set = [one[name], other[name]].filter((value) => typeof value === "number");
    return set.length === 0 ? null : Math.min(...set);
  };
  return Object.fromEntries(names.map((name) => [name, least(name)])) as { [K in keyof Limits]: number | null };
}

/** What is added up already, of this day and month. */
function usedBy(tx: Transaction, org: string, today: string) {
  const month = `${today.slice(0, 8)}01`;
  return tx
    .select({
      keyId: usage.keyId,
      agentId: usage.agentId,
      minutesDay: sql<number>`coalesce(sum(${usage.durationMs}) filter (where ${usage.day} = ${today}), 0)::float8 / 60000`,
      minutesMonth: sql<number>`coalesce(sum(${usage.durationMs}), 0)::float8 / 60000`,
      costDayMicros: sql<number>`coalesce(sum(${usage.costMicros}) filter (where ${usage.day} = ${today}), 0)::float8`,
      costMonthMicros: sql<number>`coalesce(sum(${usage.costMicros}), 0)::float8`,
    })
    .from(usage)
    .where(and(eq(usage.orgId, org), gte(usage.day, month)))
    .groupBy(usage.keyId, usage.agentId);
}

/** What runs now, and has not been added up yet. */
async function running(tx: Transaction, org: string) {
  const { keyId, agentId, startedAt, status } = realtimeSessions;
  const rows = await tx
    .select({
      keyId: sql<string>`coalesce(${keyId}, '')`,
      agentId: sql<string>`coalesce(${agentId}, '')`,
      sessions: sql<number>`count(*)::int`,
      minutes: sql<number>`coalesce(sum(extract(epoch from now() - ${startedAt})), 0)::float8 / 60`,
    })
    .from(realtimeSessions)
    .where(and(eq(realtimeSessions.orgId, org), eq(status, "live")))
    .groupBy(keyId, agentId);
  return rows.map(({ minutes, ...row }) => ({ ...row, minutesDay: minutes, minutesMonth: minutes }));
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
