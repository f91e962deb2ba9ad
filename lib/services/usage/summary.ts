import { and, eq, gte, lte, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import { usage } from "../../db/schema/index";
import { defineService } from "../service";

const day = z.iso.date("Enter a day like 2030-01-31.");

const sum = (column: PgColumn): SQL<number> => sql<number>`coalesce(sum(${column}), 0)::float8`;

const totals = {
  sessions: sum(usage.sessions),
  responses: sum(usage.responses),
  failedResponses: sum(usage.failedResponses),
  errors: sum(usage.errors),
  durationMs: sum(usage.durationMs),
  inputTextTokens: sum(usage.inputTextTokens),
  inputAudioTokens: sum(usage.inputAudioTokens),
  cachedTokens: sum(usage.cachedTokens),
  outputTextTokens: sum(usage.outputTextTokens),
  outputAudioTokens: sum(usage.outputAudioTokens),
  costMicros: sum(usage.costMicros),
};

const GROUPS = { day: usage.day, key: usage.keyId, agent: usage.agentId, model: usage.model };

/** Sums of a span of days (UTC), whole or by day, key, agent or model. Empty text stands for "no key", "no agent". */
export const summariseUsage = defineService({
  name: "usage.summary",
  kind: "query",
  scope: "usage:read",
  input: z.strictObject({
    from: day,
    to: day,
    by: z.enum(["day", "key", "agent", "model"]).optional(),
    keyId: z.string().optional(),
    agentId: z.string().optional(),
    model: z.string().optional(),
  }),
  run: async ({ ctx, tx, input }) => {
    const condition = and(
      eq(usage.orgId, ctx.org),
      gte(usage.day, input.from),
      lte(usage.day, input.to),
      input.keyId === undefined ? undefined : eq(usage.keyId, input.keyId),
      input.agentId === undefined ? undefined : eq(usage.agentId, input.agentId),
      input.model === undefined ? undefined : eq(usage.model, input.model),
    );
    if (input.by === undefined) {
      const [row] = await tx.select(totals).from(usage).where(condition);
      return row ? [{ group: "", ...row }] : [];
    }
    const group = GROUPS[input.by];
    return tx
      .select({ group: sql<string>`${group}::text`, ...totals })
      .from(usage)
      .where(condition)
      .groupBy(group)
      .orderBy(input.by === "day" ? group : sql`${totals.costMicros} desc, ${totals.durationMs} desc`)
      .limit(1000);
  },
});
