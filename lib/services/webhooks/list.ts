import { asc } from "drizzle-orm";
import { z } from "zod";
import { webhooks } from "../../db/schema/index";
import { defineService } from "../service";

export const listWebhooks = defineService({
  name: "webhooks.list",
  kind: "query",
  scope: "webhooks:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx.select().from(webhooks).orderBy(asc(webhooks.createdAt));
    return rows.map(({ sealedSecret: _secret, orgId: _org, ...webhook }) => webhook);
  },
});
