import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { agents, apiKeys, rateLimits } from "../../db/schema/index";
import { newId } from "../../ids";
import { notFound } from "../errors";
import { defineService } from "../service";

/** Null: the default, or none. */
const limit = z
  .int("Enter a whole number.")
  .min(1, "A limit is at least 1.")
  .max(2_000_000_000)
  .nullable()
  .default(null);
const money = z.int().min(1).max(1_000_000_000_000_000).nullable().default(null);

export const setLimit = defineService({
  name: "limits.set",
  kind: "mutation",
  scope: "limits:write",
  input: z.strictObject({
    subject: z.enum(["organisation", "key", "agent"]),
    /** Of the key or agent. */
    subjectId: z.string().optional(),
    requestsPerMinute: limit,
    tokensPerMinute: limit,
    concurrentSessions: limit,
    minutesPerDay: limit,
    minutesPerMonth: limit,
    costPerDayMicros: money,
    costPerMonthMicros: money,
  }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const { subject, subjectId = "", ...limits } = input;
    const id = subject === "organisation" ? ctx.org : await requireSubject(tx, subject, subjectId);
    await tx
      .insert(rateLimits)
      .values({ id: newId("limit"), orgId: ctx.org, subject, subjectId: id, ...limits })
      .onConflictDoUpdate({
        target: [rateLimits.orgId, rateLimits.subject, rateLimits.subjectId],
        set: { ...limits, updatedAt: sql`now()` },
      });
    await audit({ target: { type: subject, id }, details: limits });
    notify({ type: "limits.changed", org: ctx.org });
  },
});

async function requireSubject(tx: Transaction, subject: "key" | "agent", id: string): Promise<string> {
  const table = subject === "key" ? apiKeys : agents;
  const [found] = await tx.select({ id: table.id }).from(table).where(eq(table.id, id));
  if (!found) throw notFound(subject);
  return found.id;
}
