/** What a login is worth afterwards: roles, removals and new passwords count at the very next request. */
import { eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { expect, it } from "vitest";
import { ORGANISATION_COOKIE } from "../../lib/auth/viewer";
import { users } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { changeRole } from "../../lib/services/team/change-role";
import { leaveOrganisation } from "../../lib/services/team/leave";
import { removeMember } from "../../lib/services/team/remove";
import { seedMember, seedServices } from "../../lib/services/testing/seed";
import { changePassword } from "../../lib/services/users/passwords";
import { createAuth } from "./login";

const secret = "a secret that is long enough for the test";
const cookieOf = async (sub: string, epoch = 0): Promise<string> =>
  `next-auth.session-token=${await encode({ token: { sub, epoch }, secret })}`;

describeDatabase("a login", (db) => {
  const seed = async () => {
    const services = seedServices(db());
    const owner = await seedMember(services);
    const member = await seedMember(services, { role: "admin", org: owner.org });
    const cookie = await cookieOf(member.user.id);
    return { services, owner, member, cookie, auth: createAuth({ services, secret }) };
  };

  it("has another role as soon as it is changed", async () => {
    const { owner, member, cookie, auth } = await seed();
    expect(await auth(cookie)).toMatchObject({ organisation: { id: owner.org, role: "admin" } });
    await changeRole({ ctx: owner, input: { userId: member.user.id, role: "viewer" } });
    expect(await auth(cookie)).toMatchObject({ organisation: { id: owner.org, role: "viewer" } });
  });

  it.each(["is removed", "leaves"])("is in the organisation no more as soon as its user %s", async (how) => {
    const { owner, member, cookie, auth } = await seed();
    if (how === "leaves") await leaveOrganisation({ ctx: member, input: undefined });
    else await removeMember({ ctx: owner, input: { userId: member.user.id } });
    const still = await auth(`${cookie}; ${ORGANISATION_COOKIE}=${owner.org}`);
    expect(still).toMatchObject({ user: { id: member.user.id }, organisation: undefined, organisations: [] });
  });

  it("never is in an organisation that only its cookie names", async () => {
    const { services, owner, cookie, auth } = await seed();
    const foreign = await seedMember(services);
    const chosen = await auth(`${cookie}; ${ORGANISATION_COOKIE}=${foreign.org}`);
    expect(chosen?.organisation?.id).toBe(owner.org);
  });

  it("ends with a new password, but for the browser that set it", async () => {
    const { services, member, cookie, auth } = await seed();
    const input = { current: "", password: "a new password" };
    const epoch = await changePassword({ services, userId: member.user.id, input });
    expect(await auth(cookie)).toBeUndefined();
    expect(await auth(await cookieOf(member.user.id, epoch))).toMatchObject({ user: { id: member.user.id } });
  });

  it.each([true, false])("ends when its user is disabled (in an organisation: %s)", async (inside) => {
    const { services, owner, member, cookie, auth } = await seed();
    if (!inside) await removeMember({ ctx: owner, input: { userId: member.user.id } });
    await services.db.system((tx) => tx.update(users).set({ disabled: true }).where(eq(users.id, member.user.id)));
    expect(await auth(cookie)).toBeUndefined();
  });
});
