import { asc } from "drizzle-orm";
import { z } from "zod";
import { prices } from "../../db/schema/index";
import { defineService } from "../service";

export const listPrices = defineService({
  name: "prices.list",
  kind: "query",
  scope: "prices:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx.select().from(prices).orderBy(asc(prices.model));
    return rows.map(({ orgId: _org, ...price }) => price);
  },
});
