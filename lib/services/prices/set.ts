import { sql } from "drizzle-orm";
import { z } from "zod";
import { prices } from "../../db/schema/index";
import { defineService } from "../service";

const micros = z.int("Enter a whole number of millionths.").min(0).max(1_000_000_000_000).default(0);

/** What a million tokens of a model cost, and a minute of session. Sessions that began before keep their price. */
export const setPrice = defineService({
  name: "prices.set",
  kind: "mutation",
  scope: "prices:write",
  input: z.strictObject({
    model: z.string().trim().min(1, "Enter a model.").max(200),
    inputText: micros,
    inputAudio: micros,
    cached: micros,
    outputText: micros,
    outputAudio: micros,
    minute: micros,
  }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const { model, ...price } = input;
    await tx
      .insert(prices)
      .values({ orgId: ctx.org, model, ...price })
      .onConflictDoUpdate({ target: [prices.orgId, prices.model], set: { ...price, updatedAt: sql`now()` } });
    await audit({ target: { type: "price", id: model }, details: price });
    notify({ type: "prices.changed", org: ctx.org });
  },
});
