import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { toolCalls } from "../../db/schema/index";
import { defineService } from "../service";

const failed = sql`${toolCalls.outcome} not in ('ok', 'cancelled', 'denied')`;
const share = (part: number): SQL<number | null> =>
  sql<number | null>`percentile_cont(${part}) within group (order by ${toolCalls.durationMs})`;

export const USAGE_DAYS = [7, 30] as const;

/** How often each tool was called of late, how often in vain, and how long it took. What people stopped did not fail. */
export const getToolUsage = defineService({
  name: "tools.usage",
  kind: "query",
  scope: "tools:read",
  input: z.strictObject({
    days: z.literal(USAGE_DAYS).default(7),
    /** `server`: MCP servers, all tools of each together. */
    per: z.enum(["tool", "server"]).default("tool"),
  }),
  run: async ({ ctx, tx, input: { days, per } }) => {
    const { by, server, name } = toolCalls;
    const since = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    const calls = sql<number>`count(*)::int`;
    return tx
      .select({
        by,
        server,
        name: per === "tool" ? name : sql<string>`''`,
        calls,
        failures: sql<number>`(count(*) filter (where ${failed}))::int`,
        p50Ms: share(0.5),
        p95Ms: share(0.95),
      })
      .from(toolCalls)
      .where(and(eq(toolCalls.orgId, ctx.org), gte(toolCalls.at, since), per === "server" ? eq(by, "mcp") : undefined))
      .groupBy(by, server, ...(per === "tool" ? [name] : []))
      .orderBy(desc(calls))
      .limit(1_000);
  },
});
