import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { apiKeys, clientSecrets } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";
import { enqueueWebhooks } from "../webhooks/enqueue";

/** Ends the key, the client secrets that it minted, and, through `key.revoked`, its live sessions. */
export const revokeKey = defineService({
  name: "keys.revoke",
  kind: "mutation",
  scope: "keys:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiKeys.id, input.id), isNull(apiKeys.revokedAt)))
      .returning();
    if (!revoked) throw notFound("active key");
    await tx.delete(clientSecrets).where(eq(clientSecrets.keyId, input.id));
    await audit({ target: { type: "key", id: input.id }, details: { name: revoked.name, hint: revoked.hint } });
    const told = await enqueueWebhooks(tx, ctx.org, {
      type: "key.revoked",
      data: { key_id: input.id, name: revoked.name },
    });
    if (told > 0) notify({ type: "webhook.queued", org: ctx.org });
    notify({ type: "key.revoked", org: ctx.org, keyId: input.id });
  },
});
