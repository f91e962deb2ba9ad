import { eq } from "drizzle-orm";
import { z } from "zod";
import { memberships } from "../../db/schema/index";
import { defineService } from "../service";
import { lockMember, requireAnotherOwner, requireGrant } from "./owners";

export const removeMember = defineService({
  name: "team.remove",
  kind: "mutation",
  scope: "team:write",
  input: z.strictObject({ userId: z.string() }),
  run: async ({ ctx, tx, input, audit }) => {
    const member = await lockMember(tx, input.userId);
    requireGrant(ctx, member.role);
    requireAnotherOwner(member.isLastOwner);
    await tx.delete(memberships).where(eq(memberships.userId, input.userId));
    await audit({ target: { type: "user", id: input.userId }, details: { role: member.role } });
  },
});
