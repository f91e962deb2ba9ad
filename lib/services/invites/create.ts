import { z } from "zod";
import { ROLES } from "../../auth/roles";
import { hashSecret, newSecret } from "../../auth/secrets";
import { invites } from "../../db/schema/index";
import { newId } from "../../ids";
import { defineService } from "../service";
import { requireGrant } from "../team/owners";
import { email } from "../users/email";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The token is shown once: the link and the e-mail carry it. */
export const createInvite = defineService({
  name: "invites.create",
  kind: "mutation",
  scope: "team:write",
  input: z.strictObject({
    role: z.enum(ROLES),
    /** Only the owner of this address may join by it. Undefined: whoever has the link. */
    email: email.optional(),
    days: z.int().min(1).max(30).default(7),
  }),
  run: async ({ ctx, tx, input, audit }) => {
    requireGrant(ctx, input.role);
    const token = newSecret("");
    const expiresAt = new Date(Date.now() + input.days * DAY_MS);
    const id = newId("invite");
    await tx.insert(invites).values({
      id,
      orgId: ctx.org,
      email: input.email ?? null,
      role: input.role,
      hash: hashSecret(token),
      createdBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      expiresAt,
    });
    await audit({ target: { type: "invite", id }, details: { email: input.email ?? null, role: input.role } });
    return { id, token, expiresAt };
  },
});
