import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { apiKeys } from "../../db/schema/index";
import { describeDatabase } from "../../db/testing/database";
import { listAudit } from "../audit/list";
import { findClientSecret, useClientSecret } from "../client-secrets/find";
import { saveClientSecret } from "../client-secrets/save";
import { seedMember, seedServices, unique } from "../testing/seed";
import { createKey } from "./create";
import { listKeys } from "./list";
import { renameKey } from "./rename";
import { revokeKey } from "./revoke";
import { endedKeys, keyContext, verifyKey } from "./verify";

describeDatabase("API keys", (db) => {
  it("are shown once, kept as a hash, and recognised", async () => {
    const ctx = await seedMember(seedServices(db()));
    const made = await createKey({ ctx, input: { name: "Phone" } });
    expect(made.key).toMatch(/^sk-ap-[\w-]{43}$/);
    const rows = await db().system((tx) => tx.select().from(apiKeys));
    expect(JSON.stringify(rows)).not.toContain(made.key);
    expect(await verifyKey(ctx, made.key)).toMatchObject({ id: made.id, org: ctx.org, name: "Phone" });
    expect(await verifyKey(ctx, `${made.key}x`)).toBeUndefined();
    const [listed] = await listKeys({ ctx, input: undefined });
    expect(listed).toMatchObject({ name: "Phone", status: "active", hint: made.hint, lastUsedAt: expect.any(Date) });
    expect(listed).not.toHaveProperty("hash");
    await renameKey({ ctx, input: { id: made.id, name: "Telephone" } });
    const { items } = await listAudit({ ctx, input: {} });
    expect(items.map(({ action, actor, ip }) => [action, actor, ip])).toEqual([
      ["keys.rename", ctx.user.email, "192.0.2.1"],
      ["keys.create", ctx.user.email, "192.0.2.1"],
    ]);
    expect(JSON.stringify(items)).not.toContain(made.key);
  });

  it("have no rights but those that they were given", async () => {
    const ctx = await seedMember(seedServices(db()));
    const { key } = await createKey({ ctx, input: { name: "Reader", scopes: ["sessions:read"] } });
    const verified = await verifyKey(ctx, key);
    if (!verified) throw new Error("The key is not known.");
    const asKey = keyContext(ctx, verified);
    await expect(createKey({ ctx: asKey, input: { name: "More" } })).rejects.toMatchObject({ code: "forbidden" });
    const wide = createKey({ ctx, input: { name: "Wide", scopes: ["team:write" as never] } });
    await expect(wide).rejects.toMatchObject({ code: "invalid", field: "scopes.0" });
    await expect(createKey({ ctx, input: { name: " " } })).rejects.toMatchObject({ field: "name" });
  });

  it("end when they are revoked, with their client secrets, and when they expire", async () => {
    const services = seedServices(db());
    const ctx = await seedMember(services);
    const { id, key } = await createKey({ ctx, input: { name: "Old" } });
    const hash = unique();
    const secret = { hash, org: ctx.org, keyId: id, grant: {}, expiresAt: new Date(), singleUse: false, origins: [] };
    await saveClientSecret(ctx, secret);
    await revokeKey({ ctx, input: { id } });
    expect(services.events).toEqual([{ type: "key.revoked", org: ctx.org, keyId: id }]);
    expect(await verifyKey(ctx, key)).toBeUndefined();
    expect(await findClientSecret(ctx, hash)).toBeUndefined();
    await expect(revokeKey({ ctx, input: { id } })).rejects.toMatchObject({ code: "not_found" });

    const short = await createKey({ ctx, input: { name: "Short", expiresInDays: 1 } });
    await db().system((tx) =>
      tx
        .update(apiKeys)
        .set({ expiresAt: new Date(Date.now() - 1) })
        .where(eq(apiKeys.id, short.id)),
    );
    expect(await verifyKey(ctx, short.key)).toBeUndefined();
    const other = await createKey({ ctx, input: { name: "Good" } });
    expect((await endedKeys(ctx, [id, short.id, other.id])).sort()).toEqual([id, short.id].sort());
  });

  it("of others cannot be seen, renamed or revoked", async () => {
    const mine = await seedMember(seedServices(db()));
    const theirs = await seedMember(seedServices(db()));
    const { id } = await createKey({ ctx: mine, input: { name: "Mine" } });
    expect(await listKeys({ ctx: theirs, input: undefined })).toEqual([]);
    await expect(revokeKey({ ctx: theirs, input: { id } })).rejects.toMatchObject({ code: "not_found" });
    await expect(renameKey({ ctx: theirs, input: { id, name: "x" } })).rejects.toMatchObject({ code: "not_found" });
  });
});

describeDatabase("client secrets", (db) => {
  it("are found with all that they were kept with", async () => {
    const ctx = await seedMember(seedServices(db()));
    const hash = unique();
    const kept = {
      grant: { session: 1 },
      expiresAt: new Date(Date.now() + 60_000),
      singleUse: false,
      origins: ["https://a.b"],
    };
    await saveClientSecret(ctx, { hash, org: ctx.org, keyId: undefined, ...kept });
    expect(await findClientSecret(ctx, hash)).toMatchObject(kept);
  });

  it("of single use go to one of many that try at once", async () => {
    const ctx = await seedMember(seedServices(db()));
    const hash = unique();
    const expiresAt = new Date(Date.now() + 60_000);
    await saveClientSecret(ctx, {
      hash,
      org: ctx.org,
      keyId: undefined,
      grant: {},
      expiresAt,
      singleUse: true,
      origins: [],
    });
    const used = await Promise.all(Array.from({ length: 5 }, () => useClientSecret(ctx, hash)));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect(await findClientSecret(ctx, hash)).toBeUndefined();
  });
});
