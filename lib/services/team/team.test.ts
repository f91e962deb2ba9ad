import { expect, it } from "vitest";
import { describeDatabase } from "../../db/testing/database";
import { acceptInvite, viewInvite } from "../invites/accept";
import { createInvite } from "../invites/create";
import { listInvites } from "../invites/list";
import { registerByInvite } from "../invites/register";
import { revokeInvite } from "../invites/revoke";
import { organisationsOf } from "../users/member-context";
import { seedMember, seedServices, seedUser, unique } from "../testing/seed";
import { changeRole } from "./change-role";
import { leaveOrganisation } from "./leave";
import { listMembers } from "./list";
import { removeMember } from "./remove";

describeDatabase("a team", (db) => {
  it("always keeps an owner, also when two remove each other at once", async () => {
    const services = seedServices(db());
    const one = await seedMember(services);
    const two = await seedMember(services, { org: one.org });
    const results = await Promise.allSettled([
      removeMember({ ctx: one, input: { userId: two.user.id } }),
      removeMember({ ctx: two, input: { userId: one.user.id } }),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [owner] = await listMembers({ ctx: one, input: undefined });
    const ctx = owner?.userId === one.user.id ? one : two;
    const userId = ctx.user.id;
    await expect(leaveOrganisation({ ctx, input: undefined })).rejects.toMatchObject({ code: "conflict" });
    await expect(changeRole({ ctx, input: { userId, role: "viewer" } })).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets an admin manage everybody but owners", async () => {
    const services = seedServices(db());
    const owner = await seedMember(services);
    const admin = await seedMember(services, { role: "admin", org: owner.org });
    const viewer = await seedMember(services, { role: "viewer", org: owner.org });
    await changeRole({ ctx: admin, input: { userId: viewer.user.id, role: "developer" } });
    for (const input of [
      { userId: admin.user.id, role: "owner" as const },
      { userId: owner.user.id, role: "viewer" as const },
    ])
      await expect(changeRole({ ctx: admin, input })).rejects.toMatchObject({ code: "forbidden" });
    await expect(removeMember({ ctx: admin, input: { userId: owner.user.id } })).rejects.toMatchObject({
      code: "forbidden",
    });
    await leaveOrganisation({ ctx: viewer, input: undefined });
    const members = await listMembers({ ctx: owner, input: undefined });
    expect(members.map(({ role }) => role)).toEqual(["owner", "admin"]);
    const foreign = await seedMember(services);
    const removal = removeMember({ ctx: owner, input: { userId: foreign.user.id } });
    await expect(removal).rejects.toMatchObject({ code: "not_found" });
  });

  it("grows by invitations, each used once", async () => {
    const services = seedServices(db());
    const owner = await seedMember(services);
    const { token } = await createInvite({ ctx: owner, input: { role: "developer" } });
    expect(await viewInvite(services, token)).toEqual({ organisation: "Seeds", role: "developer", email: null });
    const [one, two] = [await seedUser(db()), await seedUser(db())];
    // A member who opens the link stays what they are, and uses nothing up.
    await acceptInvite({ services, user: owner.user, token });
    expect(await acceptInvite({ services, user: one, token })).toBe(owner.org);
    await expect(acceptInvite({ services, user: two, token })).rejects.toMatchObject({ code: "not_found" });
    expect(await organisationsOf(services, one.id)).toMatchObject([{ id: owner.org, role: "developer" }]);
    expect(await organisationsOf(services, owner.user.id)).toMatchObject([{ role: "owner" }]);
    expect(await listInvites({ ctx: owner, input: undefined })).toEqual([]);
  });

  it("lets in only whom an invitation is for, and nobody by a revoked one", async () => {
    const services = seedServices(db());
    const owner = await seedMember(services);
    const email = `${unique()}@example.com`;
    const { token, id } = await createInvite({ ctx: owner, input: { role: "viewer", email } });
    const stranger = await seedUser(db());
    await expect(acceptInvite({ services, user: stranger, token })).rejects.toMatchObject({ code: "forbidden" });
    const person = { token, password: "long enough", name: "New" };
    const wrong = registerByInvite({ services, input: { ...person, email: "other@example.com" } });
    await expect(wrong).rejects.toMatchObject({ field: "email" });
    expect(await registerByInvite({ services, input: { ...person, email } })).toMatchObject({ email });
    await expect(revokeInvite({ ctx: owner, input: { id } })).rejects.toMatchObject({ code: "not_found" });

    const second = await createInvite({ ctx: owner, input: { role: "viewer" } });
    await revokeInvite({ ctx: owner, input: { id: second.id } });
    expect(await viewInvite(services, second.token)).toBeUndefined();
    const taken = registerByInvite({ services, input: { ...person, token: second.token, email: "a@example.com" } });
    await expect(taken).rejects.toMatchObject({ code: "not_found" });
  });

  it("has owners made by owners alone", async () => {
    const admin = await seedMember(seedServices(db()), { role: "admin" });
    await expect(createInvite({ ctx: admin, input: { role: "owner" } })).rejects.toMatchObject({ code: "forbidden" });
  });
});
