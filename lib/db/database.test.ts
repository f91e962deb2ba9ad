import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { newId } from "../ids";
import type { Database } from "./client";
import { sqlState } from "./errors";
import { agents, agentVersions, apiKeys, auditLog, memberships, organisations, users } from "./schema/index";
import { describeDatabase } from "./testing/database";

async function seedOrg(db: Database): Promise<string> {
  const id = newId("organisation");
  await db.system((tx) => tx.insert(organisations).values({ id, name: id, slug: id }));
  return id;
}

describeDatabase("row-level security", (db) => {
  it("guards every table that belongs to an organisation, for the owner too", async () => {
    const rows = await db().system((tx) =>
      tx.execute<{ relname: string; guarded: boolean; policies: number }>(sql`
        select c.relname, c.relrowsecurity and c.relforcerowsecurity as guarded,
          (select count(*)::int from pg_policy where polrelid = c.oid) as policies
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and (
          c.relname in ('organisations', 'users') or exists (
            select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id'))`),
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ guarded, policies }) => !guarded || policies !== 2)).toEqual([]);
  });

  it("shows a tenant its own rows, and lets it write no others", async () => {
    const [mine, other] = [await seedOrg(db()), await seedOrg(db())];
    const agent = (orgId: string) => ({ id: newId("agent"), orgId, name: orgId, version: 1 });
    await db().tenant(mine, (tx) => tx.insert(agents).values(agent(mine)));
    await db().tenant(other, (tx) => tx.insert(agents).values(agent(other)));

    const seen = await db().tenant(mine, (tx) => tx.select().from(agents));
    expect(seen.map(({ orgId }) => orgId)).toEqual([mine]);
    expect(await db().tenant(mine, (tx) => tx.select().from(organisations))).toHaveLength(1);
    const foreign = db().tenant(mine, (tx) => tx.insert(agents).values(agent(other)));
    await expect(foreign.catch((error: unknown) => Promise.reject(new Error(sqlState(error))))).rejects.toThrow(
      "42501",
    );
    const updated = await db().tenant(mine, (tx) => tx.update(agents).set({ name: "taken" }).returning());
    expect(updated.map(({ orgId }) => orgId)).toEqual([mine]);
    const moved = db().tenant(mine, (tx) => tx.update(agents).set({ orgId: other }));
    await expect(moved).rejects.toThrow();
  });

  it("shows nothing without an organisation, and forgets it with the transaction", async () => {
    const org = await seedOrg(db());
    await db().tenant(org, (tx) => tx.insert(agents).values({ id: newId("agent"), orgId: org, name: "a", version: 1 }));
    expect(await db().tenant("", (tx) => tx.select().from(agents))).toEqual([]);
    const settings = await db().system((tx) =>
      tx.execute<{ org: string | null; role: string }>(
        sql`select current_setting('antiphon.org', true) as org, current_user as role`,
      ),
    );
    expect(settings[0]?.org ?? "").toBe("");
    expect(settings[0]?.role).not.toBe("antiphon_app");
  });

  it("shows members' names and never their passwords", async () => {
    const org = await seedOrg(db());
    const [member, stranger] = [newId("user"), newId("user")];
    await db().system(async (tx) => {
      await tx.insert(users).values([member, stranger].map((id) => ({ id, email: `${id}@example.com` })));
      await tx.insert(memberships).values({ orgId: org, userId: member, role: "viewer" });
    });
    const seen = await db().tenant(org, (tx) => tx.select({ id: users.id }).from(users));
    expect(seen).toEqual([{ id: member }]);
    await expect(db().tenant(org, (tx) => tx.select({ hash: users.passwordHash }).from(users))).rejects.toThrow();
  });

  it("keeps tenants out of tables that are nobody's", async () => {
    const org = await seedOrg(db());
    await expect(db().tenant(org, (tx) => tx.execute(sql`select * from login_tokens`))).rejects.toThrow();
    await expect(db().tenant(org, (tx) => tx.execute(sql`select * from antiphon_migrations`))).rejects.toThrow();
  });
});

describeDatabase("history", (db) => {
  it("changes no row of the audit log, nor a version of an agent", async () => {
    const orgId = await seedOrg(db());
    const entry = {
      id: newId("audit"),
      orgId,
      actorType: "system",
      actor: "test",
      action: "test",
      details: {},
    } as const;
    const agent = { id: newId("agent"), orgId, name: "a", version: 1 };
    await db().tenant(orgId, async (tx) => {
      await tx.insert(auditLog).values(entry);
      await tx.insert(agents).values(agent);
      await tx
        .insert(agentVersions)
        .values({ id: newId("agentVersion"), orgId, agentId: agent.id, version: 1, config: {} });
    });
    await expect(db().tenant(orgId, (tx) => tx.update(auditLog).set({ action: "x" }))).rejects.toThrow();
    await expect(db().tenant(orgId, (tx) => tx.update(agentVersions).set({ note: "x" }))).rejects.toThrow();
    await expect(db().system((tx) => tx.delete(auditLog))).rejects.toThrow();
    expect(await db().tenant(orgId, (tx) => tx.select().from(auditLog))).toHaveLength(1);
  });

  it("rolls back what a failed transaction had done", async () => {
    const orgId = await seedOrg(db());
    const key = { id: newId("apiKey"), orgId, name: "k", hash: "same", hint: "sk", scopes: [] };
    const twice = db().tenant(orgId, async (tx) => {
      await tx.insert(apiKeys).values(key);
      await tx.insert(apiKeys).values({ ...key, id: newId("apiKey") });
    });
    await expect(twice).rejects.toThrow();
    expect(await db().tenant(orgId, (tx) => tx.select().from(apiKeys))).toEqual([]);
  });

  it("keeps transactions apart that run at the same time", async () => {
    const orgs = await Promise.all(Array.from({ length: 12 }, () => seedOrg(db())));
    const seen = await Promise.all(
      orgs.map((orgId) =>
        db().tenant(orgId, async (tx) => {
          await tx.insert(agents).values({ id: newId("agent"), orgId, name: orgId, version: 1 });
          await new Promise((resolve) => setTimeout(resolve, 5));
          return (await tx.select().from(agents)).map(({ name }) => name);
        }),
      ),
    );
    expect(seen).toEqual(orgs.map((org) => [org]));
  });
});

describe("sqlState", () => {
  it("finds the code below drizzle's own error", () => {
    const inner = Object.assign(new Error("x"), { code: "23505" });
    expect(sqlState(new Error("outer", { cause: inner }))).toBe("23505");
    expect(sqlState(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))).toBeUndefined();
  });
});
