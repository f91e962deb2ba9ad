/** Joining by a link, and looking at where it leads before that. */
import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Role } from "../../auth/roles";
import { hashSecret } from "../../auth/secrets";
import type { Transaction } from "../../db/client";
import { invites, memberships, organisations } from "../../db/schema/index";
import type { Services } from "../context";
import { forbidden, ServiceError } from "../errors";
import { writeAudit } from "../service";

export interface InviteView {
  readonly organisation: string;
  readonly role: Role;
  /** Whom it was sent to, if to somebody. */
  readonly email: string | null;
}

/** Undefined: unknown, used, revoked or expired. */
export async function viewInvite({ db }: Pick<Services, "db">, token: string): Promise<InviteView | undefined> {
  return db.system(async (tx) => {
    const found = await openInvite(tx, token);
    return found && { organisation: found.organisation, role: found.invite.role, email: found.invite.email };
  });
}

/** Returns the organisation. */
export async function acceptInvite(call: {
  readonly services: Services;
  readonly user: { readonly id: string; readonly email: string };
  readonly token: string;
  readonly ip?: string;
}): Promise<string> {
  const { services, user, token, ip } = call;
  return services.db.system(async (tx) => {
    const found = await openInvite(tx, token);
    if (!found)
      throw new ServiceError("not_found", "This invitation was used, revoked or has expired. Ask for a new one.");
    const { invite } = found;
    if (invite.email !== null && invite.email !== user.email)
      throw forbidden(`This invitation is for ${invite.email}. Log in with that address.`);
    await join(tx, invite, { user, ip });
    return invite.orgId;
  });
}

/**
 * Whoever was invited by an address and has proved that it is theirs joins at their next login, the link lost or not:
 * unless they are in an organisation already, for then they choose.
 */
export async function joinInvited(tx: Transaction, joining: Joining): Promise<void> {
  const { id: userId, email } = joining.user;
  const [member] = await tx.select().from(memberships).where(eq(memberships.userId, userId)).limit(1);
  if (member) return;
  const open = await tx
    .select()
    .from(invites)
    .where(and(eq(invites.email, email), isOpen))
    .orderBy(asc(invites.createdAt))
    .for("update");
  for (const invite of open) await join(tx, invite, joining);
}

export async function isInvited(tx: Transaction, email: string): Promise<boolean> {
  const found = await tx
    .select({ id: invites.id })
    .from(invites)
    .where(and(eq(invites.email, email), isOpen))
    .limit(1);
  return found.length > 0;
}

export interface Joining {
  readonly user: { readonly id: string; readonly email: string };
  readonly ip?: string | undefined;
}

/** Who is a member already stays what they are, and the invitation stays unused. */
async function join(tx: Transaction, invite: Invite, { user, ip }: Joining): Promise<void> {
  const joined = await tx
    .insert(memberships)
    .values({ orgId: invite.orgId, userId: user.id, role: invite.role })
    .onConflictDoNothing()
    .returning();
  if (joined.length === 0) return;
  await tx
    .update(invites)
    .set({ acceptedAt: sql`now()`, acceptedBy: user.id })
    .where(eq(invites.id, invite.id));
  const actor = { type: "user", id: user.id, name: user.email } as const;
  await writeAudit(
    tx,
    { org: invite.orgId, actor, ...(ip !== undefined && { ip }) },
    { action: "invites.accept", target: { type: "invite", id: invite.id }, details: { role: invite.role } },
  );
}

type Invite = typeof invites.$inferSelect;

const isOpen = and(isNull(invites.acceptedAt), isNull(invites.revokedAt), gt(invites.expiresAt, sql`now()`));

async function openInvite(tx: Transaction, token: string) {
  const [found] = await tx
    .select({ invite: invites, organisation: organisations.name })
    .from(invites)
    .innerJoin(organisations, eq(organisations.id, invites.orgId))
    .where(and(eq(invites.hash, hashSecret(token)), isOpen))
    .for("update", { of: invites });
  return found;
}
