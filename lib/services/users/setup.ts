/** The first owner: by the one-time link of the start banner, or by two environment variables. */
import { count, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "../../db/client";
import { memberships, organisations, users } from "../../db/schema/index";
import { newId } from "../../ids";
import type { Services } from "../context";
import { conflict, ServiceError } from "../errors";
import { organisationName, slugFor } from "../organisations/names";
import { invalidInput, writeAudit } from "../service";
import { email, password, personName } from "./email";
import { type Person, toPerson } from "./person";
import { issueToken, useToken } from "./tokens";

const DAY_MINUTES = 24 * 60;

/** The organisation that everything from before the first login belongs to; made at the first start. */
export async function ensureFirstOrganisation({ db }: Pick<Services, "db">): Promise<string> {
  return db.system(async (tx) => {
    await tx
      .insert(organisations)
      .values({ id: newId("organisation"), name: "My organisation", slug: "my-organisation", isFirst: true })
      .onConflictDoNothing();
    const [first] = await tx.select().from(organisations).where(eq(organisations.isFirst, true));
    if (!first) throw new Error("There is no first organisation.");
    return first.id;
  });
}

/** Undefined when somebody can log in already. Earlier ones, other servers' too, hold until there is an owner. */
export async function issueSetupToken({ db }: Pick<Services, "db">): Promise<string | undefined> {
  return db.system(async (tx) => {
    if (await hasUsers(tx)) return undefined;
    return issueToken(tx, { kind: "setup", minutes: DAY_MINUTES });
  });
}

export async function needsSetup({ db }: Pick<Services, "db">): Promise<boolean> {
  return db.system(async (tx) => !(await hasUsers(tx)));
}

export const setUpInput = z.strictObject({
  token: z.string().min(1).max(200),
  email,
  password,
  name: personName,
  organisation: organisationName,
});

export interface SetUpCall {
  readonly services: Services;
  readonly input: z.input<typeof setUpInput>;
  readonly ip?: string;
}

/** Makes the first owner. @throws ServiceError `unauthenticated` for a used or old link */
export async function setUp({ services, input, ip }: SetUpCall): Promise<Person> {
  const parsed = setUpInput.safeParse(input);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { token, organisation, ...owner } = parsed.data;
  const passwordHash = await services.passwords.hash(owner.password);
  const org = await ensureFirstOrganisation(services);
  return services.db.system(async (tx) => {
    if (!(await useToken(tx, "setup", token)))
      throw new ServiceError(
        "unauthenticated",
        "This setup link was used or has expired. Restart the server for a new one.",
      );
    await tx
      .update(organisations)
      .set({ name: organisation, slug: slugFor(organisation) })
      .where(eq(organisations.id, org));
    return addOwner(tx, { org, email: owner.email, name: owner.name, passwordHash, ...(ip !== undefined && { ip }) });
  });
}

/** For unattended installs. False when somebody can log in already: then nothing happens. */
export async function ensureOwner(
  services: Services,
  owner: { readonly email: string; readonly password: string },
): Promise<boolean> {
  if (!(await needsSetup(services))) return false;
  const passwordHash = await services.passwords.hash(owner.password);
  const org = await ensureFirstOrganisation(services);
  const made = services.db.system((tx) =>
    addOwner(tx, { org, email: owner.email.trim().toLowerCase(), name: "Owner", passwordHash }),
  );
  return made.then(
    () => true,
    (error: unknown) => {
      // Another server that started at the same time was first.
      if (error instanceof ServiceError && error.code === "conflict") return false;
      throw error;
    },
  );
}

interface NewOwner {
  readonly org: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly ip?: string;
}

async function addOwner(tx: Transaction, { org, ip, ...fields }: NewOwner): Promise<Person> {
  // One at a time, whoever else starts on this database.
  await tx.select().from(organisations).where(eq(organisations.id, org)).for("update");
  if (await hasUsers(tx)) throw conflict("Somebody has set this server up already: log in instead.");
  const [user] = await tx
    .insert(users)
    .values({ id: newId("user"), emailVerifiedAt: new Date(), ...fields })
    .returning();
  if (!user) throw new Error("The owner was not made.");
  await tx.insert(memberships).values({ orgId: org, userId: user.id, role: "owner" });
  const actor = { type: "user", id: user.id, name: user.email } as const;
  await writeAudit(tx, { org, actor, ...(ip !== undefined && { ip }) }, { action: "users.setUp" });
  return toPerson(user);
}

export async function hasUsers(tx: Transaction): Promise<boolean> {
  const [row] = await tx.select({ users: count() }).from(users);
  return (row?.users ?? 0) > 0;
}
