/** Logins that the owner of a mailbox asks for: a link, sent there, that works once. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { ServiceError } from "../errors";
import { isInvited } from "../invites/accept";
import { invalidInput } from "../service";
import { admitted, ownerOf, requireOwner } from "./admission";
import { countAttempt } from "./attempts";
import { email } from "./email";
import type { Person } from "./person";
import { issueToken, useToken } from "./tokens";

const LINK_MINUTES = 20;

export const requestLoginInput = z.strictObject({ email });

export interface RequestLoginCall {
  readonly services: Services;
  readonly input: z.input<typeof requestLoginInput>;
  readonly ip?: string;
  /** Whether people whom nobody knows or has invited may come in as well. */
  readonly strangers?: boolean;
}

/** The token to send to the address, or undefined when nobody awaits its owner: the caller tells the same to both. */
export async function requestLogin({
  services,
  input,
  ip,
  strangers = false,
}: RequestLoginCall): Promise<{ readonly email: string; readonly token: string } | undefined> {
  const parsed = requestLoginInput.safeParse(input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const address = parsed.data.email;
  await countAttempt(services.db, { email: `login:${address}`, ip });
  return services.db.system(async (tx) => {
    if (!strangers && !(await isExpected(tx, address))) return undefined;
    return { email: address, token: await issueToken(tx, { kind: "login", minutes: LINK_MINUTES, email: address }) };
  });
}

/** @throws ServiceError `unauthenticated` for a used or old link */
export async function logInByLink(call: {
  readonly services: Services;
  readonly token: string;
  readonly ip?: string;
}): Promise<Person> {
  return call.services.db.system(async (tx) => {
    await requireOwner(tx);
    const used = await useToken(tx, "login", call.token);
    if (!used?.email) throw new ServiceError("unauthenticated", "This link was used or has expired.");
    return admitted(tx, { user: await ownerOf(tx, { email: used.email }), ip: call.ip });
  });
}

async function isExpected(tx: Transaction, address: string): Promise<boolean> {
  const [user] = await tx.select({ disabled: users.disabled }).from(users).where(eq(users.email, address));
  return user === undefined ? isInvited(tx, address) : !user.disabled;
}
