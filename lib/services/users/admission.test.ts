import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { loginTokens, users } from "../../db/schema/index";
import { describeDatabase, testDatabase } from "../../db/testing/database";
import { listAudit } from "../audit/list";
import { createInvite } from "../invites/create";
import { registerByInvite } from "../invites/register";
import { revokeInvite } from "../invites/revoke";
import { listMembers } from "../team/list";
import { type SeededServices, seedMember, seedServices, seedUser, unique } from "../testing/seed";
import { logInByLink, requestLogin } from "./email-link";
import { getUser } from "./get";
import { logIn } from "./log-in";
import { organisationsOf } from "./member-context";
import { providerLogin } from "./provider-login";
import { ensureFirstOrganisation, issueSetupToken, needsSetup, setUp } from "./setup";

const right = "quick:right password";

const profile = (email: string | undefined, emailVerified = true) => ({
  provider: "github",
  providerAccountId: unique(),
  email,
  emailVerified,
});

/** Somebody owns the server already. */
async function ownedServices(db: Parameters<typeof seedServices>[0]): Promise<SeededServices> {
  const services = seedServices(db);
  await seedUser(db);
  return services;
}

describeDatabase("logins that others vouch for", (db) => {
  it("find the same user again, and join one of the same verified address", async () => {
    const services = await ownedServices(db());
    const email = `${unique()}@example.com`;
    const first = profile(email);
    const user = await providerLogin({ services, input: first });
    for (const later of ["moved@example.com", undefined])
      expect(await providerLogin({ services, input: { ...first, email: later } })).toMatchObject({ id: user.id });
    expect(await providerLogin({ services, input: { ...profile(email), provider: "google" } })).toMatchObject({
      id: user.id,
    });
  });

  it("keep the password of a user whose address was verified before", async () => {
    const services = await ownedServices(db());
    const user = await seedUser(db(), { passwordHash: right, emailVerifiedAt: new Date() });
    expect(await providerLogin({ services, input: profile(user.email) })).toMatchObject({ id: user.id, loginEpoch: 0 });
    await logIn({ services, input: { email: user.email, password: "right password" } });
  });

  it("never take over a user by an address that nobody verified, nor make one without an address", async () => {
    const services = await ownedServices(db());
    const user = await seedUser(db(), { passwordHash: right });
    for (const input of [profile(user.email, false), profile(undefined)])
      await expect(providerLogin({ services, input })).rejects.toMatchObject({ reason: "unverified" });
  });

  it("void a password that somebody else had set for the address beforehand, an inviter too", async () => {
    const services = await ownedServices(db());
    const inviter = await seedMember(services);
    const email = `${unique()}@example.com`;
    const { token } = await createInvite({ ctx: inviter, input: { role: "viewer", email } });
    const input = { token, email, name: "Not me", password: "known to the inviter" };
    const { id } = await registerByInvite({ services, input });
    expect(await providerLogin({ services, input: profile(email) })).toMatchObject({ id, loginEpoch: 1 });
    const [row] = await db().system((tx) => tx.select().from(users).where(eq(users.id, id)));
    expect(row?.passwordHash).toBeNull();
    await expect(logIn({ services, input: { email, password: input.password } })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it("are refused to who is disabled, whose older logins end too", async () => {
    const services = await ownedServices(db());
    const user = await seedUser(db(), { disabled: true });
    await expect(providerLogin({ services, input: profile(user.email) })).rejects.toMatchObject({ reason: "disabled" });
    expect(await requestLogin({ services, input: { email: user.email } })).toBeUndefined();
    expect(await getUser(services, user.id)).toBeUndefined();
  });
});

describeDatabase("links by e-mail", (db) => {
  const expire = (email: string) =>
    db().system((tx) =>
      tx
        .update(loginTokens)
        .set({ expiresAt: new Date(0) })
        .where(eq(loginTokens.email, email)),
    );

  it("let their reader in once, and not after their time", async () => {
    const services = await ownedServices(db());
    const { email, id } = await seedUser(db());
    const token = async () => (await requestLogin({ services, input: { email } }))?.token ?? "";
    const first = await token();
    expect(await logInByLink({ services, token: first })).toMatchObject({ id });
    await expect(logInByLink({ services, token: first })).rejects.toMatchObject({ code: "unauthenticated" });
    const second = await token();
    await expire(email);
    await expect(logInByLink({ services, token: second })).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("go to those who are known or invited, and to strangers only where they may come", async () => {
    const services = await ownedServices(db());
    const email = `${unique()}@example.com`;
    expect(await requestLogin({ services, input: { email } })).toBeUndefined();
    const open = await requestLogin({ services, input: { email }, strangers: true });
    expect(await logInByLink({ services, token: open?.token ?? "" })).toMatchObject({ email });
    const invited = `${unique()}@example.com`;
    await createInvite({ ctx: await seedMember(services), input: { role: "viewer", email: invited } });
    expect(await requestLogin({ services, input: { email: invited } })).toMatchObject({ email: invited });
  });

  it("are not sent without end", async () => {
    const services = await ownedServices(db());
    const { email } = await seedUser(db());
    for (let i = 0; i < 10; i++) await requestLogin({ services, input: { email } });
    await expect(requestLogin({ services, input: { email } })).rejects.toMatchObject({ code: "rate_limited" });
  });
});

describeDatabase("who was invited by an address", (db) => {
  it("joins by proving that it is theirs, without the link; the audit log says so", async () => {
    const services = await ownedServices(db());
    const inviter = await seedMember(services);
    const second = await seedMember(services);
    const revoked = await seedMember(services);
    const email = `${unique()}@example.com`;
    await createInvite({ ctx: inviter, input: { role: "developer", email } });
    await createInvite({ ctx: second, input: { role: "viewer", email } });
    const { id: gone } = await createInvite({ ctx: revoked, input: { role: "owner", email } });
    await revokeInvite({ ctx: revoked, input: { id: gone } });

    const user = await providerLogin({ services, input: profile(email), ip: "192.0.2.9" });
    const joined = await organisationsOf(services, user.id);
    expect(new Map(joined.map(({ id, role }) => [id, role]))).toEqual(
      new Map([
        [inviter.org, "developer"],
        [second.org, "viewer"],
      ]),
    );
    const { items } = await listAudit({ ctx: inviter, input: {} });
    expect(items[0]).toMatchObject({ action: "invites.accept", ip: "192.0.2.9" });
  });

  it("joins by a password only when the address is known to be theirs", async () => {
    const services = await ownedServices(db());
    const inviter = await seedMember(services);
    for (const [emailVerifiedAt, joined] of [
      [null, 0],
      [new Date(), 1],
    ] as const) {
      const user = await seedUser(db(), { passwordHash: right, emailVerifiedAt });
      await createInvite({ ctx: inviter, input: { role: "viewer", email: user.email } });
      await logIn({ services, input: { email: user.email, password: "right password" } });
      expect(await organisationsOf(services, user.id)).toHaveLength(joined);
    }
  });

  it("stays where they are when they are in an organisation already", async () => {
    const services = await ownedServices(db());
    const inviter = await seedMember(services);
    const member = await seedMember(services);
    await createInvite({ ctx: inviter, input: { role: "owner", email: member.user.email } });
    await providerLogin({ services, input: profile(member.user.email) });
    expect(await organisationsOf(services, member.user.id)).toMatchObject([{ id: member.org }]);
    expect(await listMembers({ ctx: inviter, input: undefined })).toHaveLength(1);
  });
});

describe("before there is an owner", () => {
  it("nobody comes in by a provider or a link, so that the setup link keeps its use", async () => {
    const db = await testDatabase();
    const services = seedServices(db);
    await ensureFirstOrganisation(services);
    const token = (await issueSetupToken(services)) ?? "";
    const email = "ada@example.com";
    const link = await requestLogin({ services, input: { email }, strangers: true });
    await expect(providerLogin({ services, input: profile(email) })).rejects.toMatchObject({ reason: "no-owner" });
    await expect(logInByLink({ services, token: link?.token ?? "" })).rejects.toMatchObject({ reason: "no-owner" });
    expect(await needsSetup(services)).toBe(true);
    const owner = await setUp({
      services,
      input: { token, email, password: "long enough", name: "Ada", organisation: "Acme" },
    });
    expect(await providerLogin({ services, input: profile(email) })).toMatchObject({ id: owner.id });
    await db.close();
  });
});
