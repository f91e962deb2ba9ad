import { eq } from "drizzle-orm";
import { z } from "zod";
import { webhookDeliveries } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

/** Sends a message once more, with its old id: a receiver that has it recognises it. */
export const redeliver = defineService({
  name: "webhooks.redeliver",
  kind: "mutation",
  scope: "webhooks:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const changed = await tx
      .update(webhookDeliveries)
      .set({ status: "pending", attempts: 0, nextAttemptAt: new Date() })
      .where(eq(webhookDeliveries.id, input.id))
      .returning();
    if (changed.length === 0) throw notFound("delivery");
    await audit({ target: { type: "delivery", id: input.id } });
    notify({ type: "webhook.queued", org: ctx.org });
  },
});
