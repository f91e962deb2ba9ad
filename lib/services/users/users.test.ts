import { eq } from "drizzle-orm";
import { expect, it, describe } from "vitest";
import { loginTokens, users } from "../../db/schema/index";
import { describeDatabase, testDatabase } from "../../db/testing/database";
import { listAudit } from "../audit/list";
import { createOrganisation } from "../organisations/create";
import { seedMember, seedServices, seedUser, unique } from "../testing/seed";
import { logIn } from "./log-in";
import { memberContext, organisationsOf } from "./member-context";
import { changePassword, requestReset, resetPassword } from "./passwords";
import { ensureFirstOrganisation, ensureOwner, issueSetupToken, needsSetup, setUp } from "./setup";

const right = "quick:right password";

describeDatabase("logging in", (db) => {
  it("takes the right password, whatever the address's case", async () => {
    const services = seedServices(db());
    const user = await seedUser(db(), { passwordHash: right });
    const input = { email: ` ${user.email.toUpperCase()} `, password: "right password" };
    expect(await logIn({ services, input })).toMatchObject({ id: user.id, loginEpoch: 0 });
  });

  it("says the same of a wrong password, an unknown address and a disabled account", async () => {
    const services = seedServices(db());
    const user = await seedUser(db(), { passwordHash: right });
    const disabled = await seedUser(db(), { passwordHash: right, disabled: true });
    const tries = [
      { email: user.email, password: "wrong password" },
      { email: "nobody@example.com", password: "right password" },
      { email: disabled.email, password: "right password" },
    ].map((input) => logIn({ services, input }).catch((error: Error) => `${error.name} ${error.message}`));
    expect(new Set(await Promise.all(tries))).toEqual(
      new Set(["ServiceError The e-mail address or the password is wrong."]),
    );
  });

  it("stops guessing, also many guesses at once, and lets the right one in until then", async () => {
    const services = seedServices(db());
    const user = await seedUser(db(), { passwordHash: right });
    const guess = () => logIn({ services, input: { email: user.email, password: "guess" } });
    await Promise.allSettled([guess(), guess(), guess()]);
    await logIn({ services, input: { email: user.email, password: "right password" } });
    const results = await Promise.allSettled(Array.from({ length: 14 }, guess));
    const codes = results.map((result) => result.status === "rejected" && (result.reason as { code: string }).code);
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(10);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(4);
    await expect(logIn({ services, input: { email: user.email, password: "right password" } })).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: expect.any(Number),
    });
  });

  it("stops one address that tries many accounts", async () => {
    const services = seedServices(db());
    const ip = `192.0.2.${unique()}`;
    const tries = Array.from({ length: 51 }, () => ({ email: `${unique()}@example.com`, password: "x" }));
    for (const input of tries.slice(0, 50))
      await expect(logIn({ services, input, ip })).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(logIn({ services, input: tries[50] as never, ip })).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("names the field of an address that is none", async () => {
    const input = { email: "no address", password: "x" };
    await expect(logIn({ services: seedServices(db()), input })).rejects.toMatchObject({
      code: "invalid",
      field: "email",
    });
  });
});

describeDatabase("passwords", (db) => {
  it("are reset once by a link of which only the hash is kept, which ends every login", async () => {
    const services = seedServices(db());
    const member = await seedMember(services);
    const login = { userId: member.user.id, loginEpoch: 0 };
    expect(await memberContext(services, login)).toMatchObject({ org: member.org, role: "owner" });

    const sent = await requestReset({ services, input: { email: member.user.email } });
    const token = sent?.token ?? "";
    const rows = await db().system((tx) => tx.select().from(loginTokens));
    expect(JSON.stringify(rows)).not.toContain(token);
    await resetPassword({ services, input: { token, password: "a new password" } });
    expect(await memberContext(services, login)).toBeNull();
    await logIn({ services, input: { email: member.user.email, password: "a new password" } });
    const again = resetPassword({ services, input: { token, password: "another password" } });
    await expect(again).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("of nobody are reset by nobody", async () => {
    const services = seedServices(db());
    expect(await requestReset({ services, input: { email: `${unique()}@example.com` } })).toBeUndefined();
    const guessed = resetPassword({ services, input: { token: "guess", password: "long enough" } });
    await expect(guessed).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("are changed with the old one", async () => {
    const services = seedServices(db());
    const { id, email } = await seedUser(db(), { passwordHash: right });
    const change = (current: string, password = "brand new one") =>
      changePassword({ services, userId: id, input: { current, password } });
    await expect(change("wrong")).rejects.toMatchObject({ code: "invalid", field: "current" });
    await expect(change("right password", "short")).rejects.toMatchObject({ field: "password" });
    expect(await change("right password")).toBe(1);
    await logIn({ services, input: { email, password: "brand new one" } });
  });
});

describeDatabase("a user's organisations", (db) => {
  it("are those that they are in, and others look like none", async () => {
    const services = seedServices(db());
    const member = await seedMember(services, { role: "viewer" });
    const stranger = await seedMember(services);
    const made = await createOrganisation({ services, user: member.user, input: { name: "Ours & theirs" } });
    expect(await organisationsOf(services, member.user.id)).toMatchObject([
      { id: member.org, role: "viewer" },
      { id: made.id, name: "Ours & theirs", role: "owner" },
    ]);
    const login = { userId: member.user.id, loginEpoch: 0 };
    expect(await memberContext(services, { ...login, org: stranger.org })).toBeNull();
    expect(await memberContext(services, { ...login, org: made.id })).toMatchObject({ role: "owner" });
    await db().system((tx) => tx.update(users).set({ disabled: true }).where(eq(users.id, member.user.id)));
    expect(await memberContext(services, login)).toBeNull();
  });
});

describe("the first owner", () => {
  const input = { email: "First@Example.com", password: "long enough", name: "First", organisation: "Acme" };

  it("comes by a setup link of any server, once, of many that try", async () => {
    const db = await testDatabase();
    const services = seedServices(db);
    const org = await ensureFirstOrganisation(services);
    expect(await ensureFirstOrganisation(services)).toBe(org);
    const tokens = [await issueSetupToken(services), await issueSetupToken(services)].map((token) => token ?? "");
    await expect(setUp({ services, input: { ...input, token: "another" } })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect(await needsSetup(services)).toBe(true);
    const tries = [...tokens, ...tokens].map((token, n) =>
      setUp({ services, input: { ...input, email: `${n}@example.com`, token } }),
    );
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await issueSetupToken(services)).toBeUndefined();
    expect(await ensureOwner(services, { email: "late@example.com", password: "long enough" })).toBe(false);
    await db.close();
  });

  it("comes by the environment, once", async () => {
    const db = await testDatabase();
    const services = seedServices(db);
    const owner = { email: "Boss@Example.com", password: "long enough" };
    expect(await ensureOwner(services, owner)).toBe(true);
    expect(await ensureOwner(services, owner)).toBe(false);
    const { id } = await logIn({ services, input: owner });
    const ctx = await memberContext(services, { userId: id, loginEpoch: 0 });
    expect(ctx).toMatchObject({ role: "owner", org: await ensureFirstOrganisation(services) });
    if (ctx) expect((await listAudit({ ctx, input: {} })).items).toMatchObject([{ action: "users.setUp" }]);
    await db.close();
  });
});
