import { eq } from "drizzle-orm";
import { z } from "zod";
import { webhooks } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

/** With its deliveries. */
export const removeWebhook = defineService({
  name: "webhooks.remove",
  kind: "mutation",
  scope: "webhooks:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input, audit }) => {
    const [removed] = await tx.delete(webhooks).where(eq(webhooks.id, input.id)).returning();
    if (!removed) throw notFound("webhook");
    await audit({ target: { type: "webhook", id: input.id }, details: { url: removed.url } });
  },
});
