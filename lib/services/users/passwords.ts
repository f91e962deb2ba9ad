/** New passwords: by a link in an e-mail, or by the old one. Both end every other login of the user. */
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { ServiceError } from "../errors";
import { invalidInput } from "../service";
import { countAttempt, forgetAttempts } from "./attempts";
import { email, password } from "./email";
import { issueToken, useToken } from "./tokens";

const RESET_MINUTES = 60;

export const requestResetInput = z.strictObject({ email });

/** The token to send to the address, or undefined when nobody has it: the caller tells the same to both. */
export async function requestReset(call: {
  readonly services: Services;
  readonly input: z.input<typeof requestResetInput>;
  readonly ip?: string;
}): Promise<{ readonly email: string; readonly token: string } | undefined> {
  const parsed = requestResetInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { db } = call.services;
  await countAttempt(db, { email: `reset:${parsed.data.email}`, ip: call.ip });
  return db.system(async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.email, parsed.data.email));
    if (!user || user.disabled) return undefined;
    return {
      email: user.email,
      token: await issueToken(tx, { kind: "reset", minutes: RESET_MINUTES, userId: user.id }),
    };
  });
}

export const resetPasswordInput = z.strictObject({ token: z.string().min(1).max(200), password });

/** @throws ServiceError `unauthenticated` for a used or old link */
export async function resetPassword(call: {
  readonly services: Services;
  readonly input: z.input<typeof resetPasswordInput>;
}): Promise<void> {
  const parsed = resetPasswordInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { db, passwords } = call.services;
  const passwordHash = await passwords.hash(parsed.data.password);
  const address = await db.system(async (tx) => {
    const used = await useToken(tx, "reset", parsed.data.token);
    if (!used?.userId) throw new ServiceError("unauthenticated", "This link was used or has expired.");
    const [user] = await tx
      .update(users)
      .set({ passwordHash, loginEpoch: sql`${users.loginEpoch} + 1`, emailVerifiedAt: sql`now()` })
      .where(eq(users.id, used.userId))
      .returning();
    return user?.email;
  });
  if (address !== undefined) await forgetAttempts(db, address);
}

export const changePasswordInput = z.strictObject({ current: z.string().max(256), password });

/** Returns the user's new login epoch: the login that asked carries on with it. */
export async function changePassword(call: {
  readonly services: Services;
  readonly userId: string;
  readonly input: z.input<typeof changePasswordInput>;
  readonly ip?: string;
}): Promise<number> {
  const parsed = changePasswordInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { db, passwords } = call.services;
  const [user] = await db.system((tx) => tx.select().from(users).where(eq(users.id, call.userId)));
  if (!user) throw new ServiceError("unauthenticated", "Log in again.");
  await countAttempt(db, { email: user.email, ip: call.ip });
  // Who came through a provider sets a first password without an old one.
  if (user.passwordHash !== null && !(await passwords.verify(parsed.data.current, user.passwordHash)))
    throw new ServiceError("invalid", "The current password is wrong.", { field: "current" });
  await forgetAttempts(db, user.email);
  const passwordHash = await passwords.hash(parsed.data.password);
  const [changed] = await db.system((tx) =>
    tx
      .update(users)
      .set({ passwordHash, loginEpoch: sql`${users.loginEpoch} + 1` })
      .where(eq(users.id, call.userId))
      .returning(),
  );
  return changed?.loginEpoch ?? user.loginEpoch;
}
