import { asc, eq, gte, and, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { budgets, usage } from "../../db/schema/index";
import { defineService } from "../service";

/** The first day (UTC) of the period that runs now. */
export function periodStart(period: "day" | "month", now = new Date()): string {
  const day = now.toISOString().slice(0, 10);
  return period === "day" ? day : `${day.slice(0, 8)}01`;
}

export async function spentSince(tx: Transaction, org: string, day: string): Promise<number> {
  const [row] = await tx
    .select({ spent: sql<number>`coalesce(sum(${usage.costMicros}), 0)::float8` })
    .from(usage)
    .where(and(eq(usage.orgId, org), gte(usage.day, day)));
  return row?.spent ?? 0;
}

export const listBudgets = defineService({
  name: "budgets.list",
  kind: "query",
  scope: "limits:read",
  input: z.void(),
  run: async ({ ctx, tx }) => {
    const rows = await tx.select().from(budgets).orderBy(asc(budgets.createdAt));
    const spent = {
      day: await spentSince(tx, ctx.org, periodStart("day")),
      month: await spentSince(tx, ctx.org, periodStart("month")),
    };
    return rows.map(({ orgId: _org, ...budget }) => ({ ...budget, spentMicros: spent[budget.period] }));
  },
});
