import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { TooManyPasswords } from "../../auth/passwords";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { ServiceError } from "../errors";
import { joinInvited } from "../invites/accept";
import { invalidInput } from "../service";
import { countAttempt, forgetAttempts } from "./attempts";
import { email } from "./email";
import { type Person, toPerson } from "./person";

export const logInInput = z.strictObject({ email, password: z.string().max(256) });

export interface LogInCall {
  readonly services: Services;
  readonly input: z.input<typeof logInInput>;
  readonly ip?: string;
}

/** Checks e-mail and password. @throws ServiceError `unauthenticated`, or `rate_limited` after too many attempts */
export async function logIn({ services, input, ip }: LogInCall): Promise<Person> {
  const parsed = logInInput.safeParse(input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { db, passwords } = services;
  await countAttempt(db, { email: parsed.data.email, ip });
  const [user] = await db.system((tx) => tx.select().from(users).where(eq(users.email, parsed.data.email)));
  const right = await passwords.verify(parsed.data.password, user?.passwordHash ?? null).catch((error: unknown) => {
    if (!(error instanceof TooManyPasswords)) throw error;
    throw new ServiceError("rate_limited", "Too many people are logging in. Try again in a moment.", {
      retryAfterSeconds: 5,
    });
  });
  if (!user || !right || user.disabled)
    throw new ServiceError("unauthenticated", "The e-mail address or the password is wrong.");
  await forgetAttempts(db, parsed.data.email);
  await db.system(async (tx) => {
    await tx
      .update(users)
      .set({ lastLoginAt: sql`now()` })
      .where(eq(users.id, user.id));
    if (user.emailVerifiedAt !== null) await joinInvited(tx, { user, ip });
  });
  return toPerson(user);
}
