import { eq } from "drizzle-orm";
import { z } from "zod";
import { webhooks } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";
import { newSigningSecret } from "./fields";

/** A new signing secret, shown once; the old one is void at once. */
export const rotateWebhookSecret = defineService({
  name: "webhooks.rotateSecret",
  kind: "mutation",
  scope: "webhooks:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit }) => {
    const secret = newSigningSecret();
    const changed = await tx
      .update(webhooks)
      .set({ sealedSecret: ctx.seal.seal(secret) })
      .where(eq(webhooks.id, input.id))
      .returning();
    if (changed.length === 0) throw notFound("webhook");
    await audit({ target: { type: "webhook", id: input.id } });
    return { secret };
  },
});
