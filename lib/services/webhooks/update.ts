import { eq } from "drizzle-orm";
import { z } from "zod";
import { webhooks } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";
import { requireReachable, webhookFields } from "./fields";

export const updateWebhook = defineService({
  name: "webhooks.update",
  kind: "mutation",
  scope: "webhooks:write",
  input: z.strictObject({ id: z.string(), ...webhookFields }),
  prepare: ({ ctx, input }) => requireReachable(ctx.outbound, input.url, "url"),
  run: async ({ tx, input, audit }) => {
    const { id, ...fields } = input;
    const changed = await tx.update(webhooks).set(fields).where(eq(webhooks.id, id)).returning();
    if (changed.length === 0) throw notFound("webhook");
    await audit({ target: { type: "webhook", id }, details: fields });
  },
});
