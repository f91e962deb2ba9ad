import { eq } from "drizzle-orm";
import { z } from "zod";
import { budgets } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const removeBudget = defineService({
  name: "budgets.remove",
  kind: "mutation",
  scope: "limits:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input, audit }) => {
    const [removed] = await tx.delete(budgets).where(eq(budgets.id, input.id)).returning();
    if (!removed) throw notFound("budget");
    await audit({ target: { type: "budget", id: input.id }, details: { name: removed.name } });
  },
});
