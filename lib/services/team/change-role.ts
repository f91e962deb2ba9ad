import { eq } from "drizzle-orm";
import { z } from "zod";
import { ROLES } from "../../auth/roles";
import { memberships } from "../../db/schema/index";
import { defineService } from "../service";
import { lockMember, requireAnotherOwner, requireGrant } from "./owners";

export const changeRole = defineService({
  name: "team.changeRole",
  kind: "mutation",
  scope: "team:write",
  input: z.strictObject({ userId: z.string(), role: z.enum(ROLES) }),
  run: async ({ ctx, tx, input, audit }) => {
    const member = await lockMember(tx, input.userId);
    requireGrant(ctx, member.role, input.role);
    if (input.role !== "owner") requireAnotherOwner(member.isLastOwner);
    await tx.update(memberships).set({ role: input.role }).where(eq(memberships.userId, input.userId));
    await audit({ target: { type: "user", id: input.userId }, details: { from: member.role, to: input.role } });
  },
});
