import { and, eq, gte, sql } from "drizzle-orm";
import { z } from "zod";
import { agents, apiKeys, realtimeSessions, responses, usage } from "../../db/schema/index";
import { defineService } from "../service";

/** The first page: what goes on now, the last days in numbers, and what is still missing. */
export const getOverview = defineService({
  name: "usage.overview",
  kind: "query",
  scope: "usage:read",
  input: z.strictObject({ days: z.int().min(1).max(90).default(7) }),
  run: async ({ ctx, tx, input }) => {
    // Today is one of them, from its midnight in UTC, as the sums are.
    const firstDay = new Date(Date.now() - (input.days - 1) * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const since = new Date(firstDay);
    const inOrg = eq(usage.orgId, ctx.org);
    const sums = await tx
      .select({
        day: usage.day,
        sessions: sql<number>`sum(${usage.sessions})::float8`,
        minutes: sql<number>`sum(${usage.durationMs})::float8 / 60000`,
        tokens: sql<number>`sum(${usage.inputTextTokens} + ${usage.inputAudioTokens} + ${usage.outputTextTokens} + ${usage.outputAudioTokens})::float8`,
        costMicros: sql<number>`sum(${usage.costMicros})::float8`,
        errors: sql<number>`sum(${usage.errors} + ${usage.failedResponses})::float8`,
      })
      .from(usage)
      .where(and(inOrg, gte(usage.day, firstDay)))
      .groupBy(usage.day)
      .orderBy(usage.day);
    const [heard] = await tx
      .select({
        p50: sql<number | null>`percentile_cont(0.5) within group (order by ${responses.heardMs})`,
        p95: sql<number | null>`percentile_cont(0.95) within group (order by ${responses.heardMs})`,
      })
      .from(responses)
      .where(and(eq(responses.orgId, ctx.org), gte(responses.at, since)));
    const [live] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(realtimeSessions)
      .where(and(eq(realtimeSessions.orgId, ctx.org), eq(realtimeSessions.status, "live")));
    const has = async (table: typeof apiKeys | typeof agents | typeof realtimeSessions): Promise<boolean> =>
      (await tx.select({ id: table.id }).from(table).limit(1)).length > 0;
    return {
      liveSessions: live?.count ?? 0,
      days: sums,
      heardLatencyMs: { p50: heard?.p50 ?? null, p95: heard?.p95 ?? null },
      checklist: { key: await has(apiKeys), agent: await has(agents), session: await has(realtimeSessions) },
    };
  },
});
