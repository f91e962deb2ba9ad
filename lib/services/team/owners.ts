import { eq } from "drizzle-orm";
import type { Role } from "../../auth/roles";
import { mayGrant } from "../../auth/roles";
import type { Transaction } from "../../db/client";
import { memberships } from "../../db/schema/index";
import type { ServiceContext } from "../context";
import { conflict, forbidden, notFound } from "../errors";

/** The member's role, for a change. The owners' rows stay locked, so that two owners cannot remove each other. */
export async function lockMember(
  tx: Transaction,
  userId: string,
): Promise<{ readonly role: Role; isLastOwner: boolean }> {
  const owners = await tx.select().from(memberships).where(eq(memberships.role, "owner")).for("update");
  const [member] = await tx.select().from(memberships).where(eq(memberships.userId, userId)).for("update");
  if (!member) throw notFound("member");
  return { role: member.role, isLastOwner: member.role === "owner" && owners.length === 1 };
}

export function requireGrant({ role }: ServiceContext, ...granted: readonly Role[]): void {
  if (role === null || !granted.every((each) => mayGrant(role, each)))
    throw forbidden("Only an owner can make owners, or change them.");
}

export function requireAnotherOwner(isLastOwner: boolean): void {
  if (isLastOwner) throw conflict("This is the last owner. Make somebody else an owner first.");
}
