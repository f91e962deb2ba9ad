import { sql } from "drizzle-orm";
import { z } from "zod";
import { orgSettings } from "../../db/schema/index";
import { defineService } from "../service";

/** The currency that prices are in: a name for numbers, nothing is converted. */
export const setCurrency = defineService({
  name: "settings.setCurrency",
  kind: "mutation",
  scope: "settings:write",
  input: z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/, "Enter a code like USD or EUR.") }),
  run: async ({ ctx, tx, input, audit }) => {
    await tx
      .insert(orgSettings)
      .values({ orgId: ctx.org, ...input })
      .onConflictDoUpdate({ target: orgSettings.orgId, set: { ...input, updatedAt: sql`now()` } });
    await audit({ details: input });
  },
});
