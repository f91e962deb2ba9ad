/** What tests begin with: each makes its own organisation and people, and shares nothing. */
import { randomBytes } from "node:crypto";
import type { PasswordHasher } from "../../auth/passwords";
import { type Role, scopesOf } from "../../auth/roles";
import type { Database } from "../../db/client";
import { memberships, organisations, users } from "../../db/schema/index";
import { newId } from "../../ids";
import { createSealer } from "../../seal";
import type { ServiceContext, ServiceEvent, Services } from "../context";
import { idleRunner } from "../tools/runner";

/** As slow as a test wants it. */
const quickPasswords: PasswordHasher = {
  hash: async (password) => `quick:${password}`,
  verify: async (password, hash) => hash === `quick:${password}`,
  close: async () => undefined,
};

export interface SeededServices extends Services {
  readonly events: ServiceEvent[];
}

/** Services on `db`; what they notify is collected in `events`. */
export function seedServices(db: Database, overrides: Partial<Services> = {}): SeededServices {
  const events: ServiceEvent[] = [];
  return {
    db,
    seal: createSealer("a secret of the tests"),
    passwords: quickPasswords,
    tools: idleRunner("Nothing runs in this test."),
    outbound: { fetch: (url, init) => fetch(url, init), check: async () => undefined },
    notify: (event) => void events.push(event),
    ...overrides,
    events,
  };
}

export interface SeededUser {
  readonly id: string;
  readonly email: string;
}

export const unique = (): string => randomBytes(6).toString("hex");

export async function seedUser(db: Database, fields: Partial<typeof users.$inferInsert> = {}): Promise<SeededUser> {
  const id = newId("user");
  const user = { id, email: `${unique()}@example.com`, name: "Sam Seed", ...fields };
  await db.system((tx) => tx.insert(users).values(user));
  return { id: user.id, email: user.email };
}

export async function seedOrg(db: Database, name = "Seeds"): Promise<string> {
  const id = newId("organisation");
  await db.system((tx) => tx.insert(organisations).values({ id, name, slug: `seeds-${unique()}` }));
  return id;
}

/** Somebody with a role: in an organisation of their own, unless one is named. */
export async function seedMember(
  services: Services,
  { role = "owner", org }: { readonly role?: Role; readonly org?: string } = {},
): Promise<ServiceContext & { readonly user: SeededUser }> {
  const user = await seedUser(services.db);
  const orgId = org ?? (await seedOrg(services.db));
  await services.db.system((tx) => tx.insert(memberships).values({ orgId, userId: user.id, role }));
  const actor = { type: "user", id: user.id, name: user.email } as const;
  return { ...services, org: orgId, actor, role, scopes: scopesOf(role), ip: "192.0.2.1", user };
}
