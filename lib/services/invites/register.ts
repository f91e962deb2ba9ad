/** Somebody new, by an invitation: the link is what lets them in. */
import { z } from "zod";
import { users } from "../../db/schema/index";
import { newId } from "../../ids";
import type { Services } from "../context";
import { conflict, ServiceError } from "../errors";
import { invalidInput } from "../service";
import { email, password, personName } from "../users/email";
import { type Person, toPerson } from "../users/person";
import { acceptInvite, viewInvite } from "./accept";

export const registerByInviteInput = z.strictObject({
  token: z.string().min(1).max(200),
  email,
  password,
  name: personName,
});

export async function registerByInvite(call: {
  readonly services: Services;
  readonly input: z.input<typeof registerByInviteInput>;
  readonly ip?: string;
}): Promise<Person> {
  const { services, ip } = call;
  const parsed = registerByInviteInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { token, ...person } = parsed.data;
  const invite = await viewInvite(services, token);
  if (!invite)
    throw new ServiceError("not_found", "This invitation was used, revoked or has expired. Ask for a new one.");
  if (invite.email !== null && invite.email !== person.email)
    throw new ServiceError("invalid", `This invitation is for ${invite.email}.`, { field: "email" });
  const passwordHash = await services.passwords.hash(person.password);
  const [user] = await services.db.system((tx) =>
    tx
      .insert(users)
      .values({
        id: newId("user"),
        email: person.email,
        name: person.name,
        passwordHash,
        // Nobody has proved to own the address: whoever invited has seen the link as well.
        emailVerifiedAt: null,
      })
      .onConflictDoNothing()
      .returning(),
  );
  if (!user) throw conflict("There is an account with this address: log in, then open the invitation again.", "email");
  await acceptInvite({ services, user, token, ...(ip !== undefined && { ip }) });
  return toPerson(user);
}
