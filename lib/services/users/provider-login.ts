/** Logins that a provider vouches for: GitHub, Google, an OpenID Connect issuer. */
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { accounts, users } from "../../db/schema/index";
import { newId } from "../../ids";
import type { Services } from "../context";
import { invalidInput } from "../service";
import { admitted, LoginRefused, ownerOf, requireOwner } from "./admission";
import { email } from "./email";
import type { Person } from "./person";

export const providerLoginInput = z.object({
  provider: z.string().min(1).max(50),
  providerAccountId: z.string().min(1).max(200),
  /** Undefined: the provider tells none. */
  email: email.optional(),
  /** Only a verified address joins an existing user: otherwise anybody could become anyone. */
  emailVerified: z.boolean(),
  name: z.string().max(100).nullish(),
  image: z.url().max(2000).nullish(),
});

/** Finds or makes the user. @throws LoginRefused */
export async function providerLogin(call: {
  readonly services: Services;
  readonly input: z.input<typeof providerLoginInput>;
  readonly ip?: string;
}): Promise<Person> {
  const parsed = providerLoginInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { provider, providerAccountId, emailVerified, email: address, ...profile } = parsed.data;
  return call.services.db.system(async (tx) => {
    await requireOwner(tx);
    const [known] = await tx
      .select({ user: users })
      .from(accounts)
      .innerJoin(users, eq(users.id, accounts.userId))
      .where(and(eq(accounts.provider, provider), eq(accounts.providerAccountId, providerAccountId)));
    if (known) return admitted(tx, { user: known.user, ip: call.ip });
    if (address === undefined || !emailVerified) throw new LoginRefused("unverified");
    const user = await ownerOf(tx, { email: address, ...profile });
    await tx.insert(accounts).values({ id: newId("account"), userId: user.id, provider, providerAccountId });
    return admitted(tx, { user, ip: call.ip });
  });
}
