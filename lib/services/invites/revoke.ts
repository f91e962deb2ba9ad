import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { invites } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const revokeInvite = defineService({
  name: "invites.revoke",
  kind: "mutation",
  scope: "team:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input, audit }) => {
    const revoked = await tx
      .update(invites)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(invites.id, input.id), isNull(invites.acceptedAt), isNull(invites.revokedAt)))
      .returning();
    if (revoked.length === 0) throw notFound("open invite");
    await audit({ target: { type: "invite", id: input.id } });
  },
});
