import { eq } from "drizzle-orm";
import { z } from "zod";
import { memberships } from "../../db/schema/index";
import { forbidden } from "../errors";
import { defineService } from "../service";
import { lockMember, requireAnotherOwner } from "./owners";

export const leaveOrganisation = defineService({
  name: "team.leave",
  kind: "mutation",
  scope: "organisation:read",
  input: z.void(),
  run: async ({ ctx, tx, audit }) => {
    if (ctx.actor.type !== "user") throw forbidden("Only a member can leave.");
    const { id } = ctx.actor;
    const member = await lockMember(tx, id);
    requireAnotherOwner(member.isLastOwner);
    await audit({ target: { type: "user", id }, details: { role: member.role } });
    await tx.delete(memberships).where(eq(memberships.userId, id));
  },
});
