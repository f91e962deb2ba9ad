/** Logins that somebody else vouches for: a provider, or the owner of a mailbox. */
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { accounts, users } from "../../db/schema/index";
import { newId } from "../../ids";
import type { Services } from "../context";
import { forbidden, ServiceError } from "../errors";
import { invalidInput } from "../service";
import { countAttempt } from "./attempts";
import { email } from "./email";
import { type Person, toPerson } from "./person";
import { issueToken, useToken } from "./tokens";

export const providerLoginInput = z.object({
  provider: z.string().min(1).max(50),
  providerAccountId: z.string().min(1).max(200),
  email,
  /** Only a verified address joins an existing user: otherwise anybody could become anyone. */
  emailVerified: z.boolean(),
  name: z.string().max(100).nullish(),
  image: z.url().max(2000).nullish(),
});

/** Finds or makes the user. @throws ServiceError `forbidden` */
export async function providerLogin(call: {
  readonly services: Services;
  readonly input: z.input<typeof providerLoginInput>;
}): Promise<Person> {
  const parsed = providerLoginInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { provider, providerAccountId, emailVerified, ...profile } = parsed.data;
  return call.services.db.system(async (tx) => {
    const [known] = await tx
      .select({ user: users })
      .from(accounts)
      .innerJoin(users, eq(users.id, accounts.userId))
      .where(and(eq(accounts.provider, provider), eq(accounts.providerAccountId, providerAccountId)));
    if (known) return admitted(tx, known.user);
    if (!emailVerified) throw forbidden("Your e-mail address is not verified there, so it cannot be used here.");
    const user = await userOf(tx, profile);
    await tx.insert(accounts).values({ id: newId("account"), userId: user.id, provider, providerAccountId });
    return admitted(tx, user);
  });
}

export const requestLoginInput = z.strictObject({ email });

/** The token of a login link, to send to the address. Anybody may ask; only the mailbox's owner gets it. */
export async function requestLogin(call: {
  readonly services: Services;
  readonly input: z.input<typeof requestLoginInput>;
  readonly ip?: string;
}): Promise<{ readonly email: string; readonly token: string }> {
  const parsed = requestLoginInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const address = parsed.data.email;
  await countAttempt(call.services.db, { email: `login:${address}`, ip: call.ip });
  const token = await call.services.db.system((tx) => issueToken(tx, { kind: "login", minutes: 20, email: address }));
  return { email: address, token };
}

/** @throws ServiceError `unauthenticated` for a used or old link */
export async function logInByLink(call: { readonly services: Services; readonly token: string }): Promise<Person> {
  return call.services.db.system(async (tx) => {
    const used = await useToken(tx, "login", call.token);
    if (!used?.email)
      throw new ServiceError("unauthenticated", "This link was used or has expired. Ask for a new one.");
    return admitted(tx, await userOf(tx, { email: used.email }));
  });
}

interface Profile {
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
}

type User = typeof users.$inferSelect;

async function userOf(tx: Transaction, { email: address, name, image }: Profile): Promise<User> {
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

async function admitted(tx: Transaction, user: User): Promise<Person> {
  if (user.disabled) throw forbidden("This account is disabled.");
  await tx
    .update(users)
    .set({ lastLoginAt: sql`now()`, emailVerifiedAt: user.emailVerifiedAt ?? new Date() })
    .where(eq(users.id, user.id));
  return toPerson(user);
}
