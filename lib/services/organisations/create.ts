import { z } from "zod";
import { memberships, organisations } from "../../db/schema/index";
import { newId } from "../../ids";
import type { Services } from "../context";
import { invalidInput, writeAudit } from "../service";
import { organisationName, slugFor } from "./names";

export const createOrganisationInput = z.strictObject({ name: organisationName });

/** The user becomes its owner. */
export async function createOrganisation(call: {
  readonly services: Services;
  readonly user: { readonly id: string; readonly email: string };
  readonly input: z.input<typeof createOrganisationInput>;
  readonly ip?: string;
}): Promise<{ readonly id: string; readonly slug: string }> {
  const parsed = createOrganisationInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { name } = parsed.data;
  const org = { id: newId("organisation"), name, slug: slugFor(name) };
  await call.services.db.system(async (tx) => {
    await tx.insert(organisations).values(org);
    await tx.insert(memberships).values({ orgId: org.id, userId: call.user.id, role: "owner" });
    const actor = { type: "user", id: call.user.id, name: call.user.email } as const;
    const from = { org: org.id, actor, ...(call.ip !== undefined && { ip: call.ip }) };
    await writeAudit(tx, from, { action: "organisations.create", details: { name } });
  });
  return { id: org.id, slug: org.slug };
}
