import { eq } from "drizzle-orm";
import { z } from "zod";
import { budgets } from "../../db/schema/index";
import { newId } from "../../ids";
import { notFound } from "../errors";
import { defineService } from "../service";

/** Makes a budget, or changes one. It warns and stops nothing: for that there are limits. */
export const saveBudget = defineService({
  name: "budgets.save",
  kind: "mutation",
  scope: "limits:write",
  input: z.strictObject({
    /** Undefined: a new one. */
    id: z.string().optional(),
    name: z.string().trim().min(1, "Enter a name.").max(100),
    period: z.enum(["day", "month"]),
    amountMicros: z.int().min(1, "Enter an amount above 0."),
    alertAt: z.number().min(0.01).max(1).default(0.8),
    enabled: z.boolean().default(true),
  }),
  run: async ({ ctx, tx, input, audit }) => {
    const { id: given, ...budget } = input;
    const id = given ?? newId("budget");
    if (given === undefined) await tx.insert(budgets).values({ id, orgId: ctx.org, ...budget });
    else {
      // A changed budget may alert again.
      const changed = await tx
        .update(budgets)
        .set({ ...budget, alertedFor: null })
        .where(eq(budgets.id, given))
        .returning();
      if (changed.length === 0) throw notFound("budget");
    }
    await audit({ target: { type: "budget", id }, details: budget });
    return { id };
  },
});
