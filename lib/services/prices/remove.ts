import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { prices } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const removePrice = defineService({
  name: "prices.remove",
  kind: "mutation",
  scope: "prices:write",
  input: z.strictObject({ model: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const removed = await tx
      .delete(prices)
      .where(and(eq(prices.orgId, ctx.org), eq(prices.model, input.model)))
      .returning();
    if (removed.length === 0) throw notFound("price");
    await audit({ target: { type: "price", id: input.model } });
    notify({ type: "prices.changed", org: ctx.org });
  },
});
