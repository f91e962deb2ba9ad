import { createInvite } from "../../../lib/services/invites/create";
import { listInvites } from "../../../lib/services/invites/list";
import { revokeInvite } from "../../../lib/services/invites/revoke";
import { changeRole } from "../../../lib/services/team/change-role";
import { leaveOrganisation } from "../../../lib/services/team/leave";
import { listMembers } from "../../../lib/services/team/list";
import { removeMember } from "../../../lib/services/team/remove";
import { mutation, query } from "../from-service";
import { member, router } from "../trpc";

export const teamRouter = router({
  members: query(listMembers),
  changeRole: mutation(changeRole),
  remove: mutation(removeMember),
  leave: mutation(leaveOrganisation),
  invites: query(listInvites),
  /** The link is shown once; it also goes out by e-mail where there is an address and a way to send. */
  invite: member(createInvite.scope)
    .input(
      (value: unknown) => value as { role: "owner" | "admin" | "developer" | "viewer"; email?: string; days?: number },
    )
    .mutation(async ({ ctx, input }) => {
      const { id, token, expiresAt } = await createInvite({ ctx: ctx.service, input });
      const link = `${ctx.publicUrl ?? ctx.request.origin}/invite/${token}`;
      if (input.email === undefined || !ctx.mail.enabled) return { id, link, expiresAt, letter: "none" as const };
      const sent = await ctx.mail.invitation(input.email, { link, by: ctx.login });
      return { id, link, expiresAt, letter: sent ? ("sent" as const) : ("failed" as const) };
    }),
  revokeInvite: mutation(revokeInvite),
});
