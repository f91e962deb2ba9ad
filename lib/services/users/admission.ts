/** What logins without a password have in common: whose an address is, and who may come in. */
import { eq, sql } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { users } from "../../db/schema/index";
import { newId } from "../../ids";
import { ServiceError } from "../errors";
import { joinInvited } from "../invites/accept";
import { type Person, toPerson } from "./person";
import { hasUsers } from "./setup";

const REASONS = {
  unverified: "The provider does not vouch for an e-mail address of yours, so the account cannot be used here.",
  disabled: "This account is disabled.",
  "no-owner": "This server has no owner yet: open its setup link first.",
} as const;

export type LoginRefusal = keyof typeof REASONS;

/** Somebody is who they say, and may not come in all the same. */
export class LoginRefused extends ServiceError {
  constructor(readonly reason: LoginRefusal) {
    super("forbidden", REASONS[reason]);
  }
}

/** Whoever came first by a provider would otherwise shut out the owner, for whom the setup link is. */
export async function requireOwner(tx: Transaction): Promise<void> {
  if (!(await hasUsers(tx))) throw new LoginRefused("no-owner");
}

interface Profile {
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
}

type User = typeof users.$inferSelect;

/** The user whose address was proved to be theirs, made if there is none. */
export async function ownerOf(tx: Transaction, { email: address, name, image }: Profile): Promise<User> {
  const [made] = await tx
    .insert(users)
    .values({
      id: newId("user"),
      email: address,
      name: name ?? null,
      image: image ?? null,
      emailVerifiedAt: new Date(),
    })
    .onConflictDoNothing()
    .returning();
  if (made) return made;
  const [existing] = await tx.select().from(users).where(eq(users.email, address));
  if (!existing) throw new Error("The user is neither new nor known.");
  if (existing.emailVerifiedAt !== null || existing.passwordHash === null) return existing;
  // Somebody set a password without ever proving that the address is theirs: now that its owner is here, it is void.
  const [voided] = await tx
    .update(users)
    .set({ passwordHash: null, loginEpoch: sql`${users.loginEpoch} + 1` })
    .where(eq(users.id, existing.id))
    .returning();
  return voided ?? existing;
}

/** Lets the user in, and into the organisations that wait for them. @throws LoginRefused */
export async function admitted(
  tx: Transaction,
  { user, ip }: { readonly user: User; readonly ip: string | undefined },
): Promise<Person> {
  if (user.disabled) throw new LoginRefused("disabled");
  await tx
    .update(users)
    .set({ lastLoginAt: sql`now()`, emailVerifiedAt: user.emailVerifiedAt ?? new Date() })
    .where(eq(users.id, user.id));
  await joinInvited(tx, { user, ip });
  return toPerson(user);
}
