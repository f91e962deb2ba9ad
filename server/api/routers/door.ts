/** What stands before a login: setting up, joining, and forgotten passwords. Each checks its own input. */
import type { z } from "zod";
import { acceptInvite, viewInvite } from "../../../lib/services/invites/accept";
import { registerByInvite, type registerByInviteInput } from "../../../lib/services/invites/register";
import { notFound } from "../../../lib/services/errors";
import { organisationsOf } from "../../../lib/services/users/member-context";
import { requestReset, resetPassword, type resetPasswordInput } from "../../../lib/services/users/passwords";
import { requestLogin } from "../../../lib/services/users/provider-login";
import { setUp, type setUpInput } from "../../../lib/services/users/setup";
import { open, router, signedIn } from "../trpc";

const as = <T>(value: unknown): T => value as T;

type SetupInput = Omit<z.input<typeof setUpInput>, "token"> & { token?: string };

const invalidInvite = () => notFound("open invitation: it was used, revoked or has expired");

export const doorRouter = router({
  setup: open
    .input((value: unknown) => as<SetupInput>(value))
    .mutation(async ({ ctx, input }) => {
      const local = ctx.request.atThisMachine ? ctx.setupToken() : undefined;
      const token = input.token ?? local ?? "";
      const organisation = input.organisation?.trim() || "My organisation";
      await setUp({ services: ctx.services, input: { ...input, organisation, token }, ip: ctx.request.address });
    }),
  invite: open
    .input((value: unknown) => as<{ token: string }>(value))
    .query(async ({ ctx, input }) => {
      const invite = await viewInvite(ctx.services, String(input?.token ?? ""));
      if (invite === undefined) throw invalidInvite();
      return invite;
    }),
  join: signedIn
    .input((value: unknown) => as<{ token: string }>(value))
    .mutation(async ({ ctx, input }) => {
      const { address: ip } = ctx.request;
      const token = String(input?.token ?? "");
      return {
        organisationId: await acceptInvite({ services: ctx.services, user: ctx.login.user, token, ip }),
      };
    }),
  joinAsNew: open
    .input((value: unknown) => as<z.input<typeof registerByInviteInput>>(value))
    .mutation(async ({ ctx, input }) => {
      const person = await registerByInvite({ services: ctx.services, input, ip: ctx.request.address });
      const [first] = await organisationsOf(ctx.services, person.id);
      if (first === undefined) throw invalidInvite();
      return { organisationId: first.id };
    }),
  /** Says the same whether there is such an account or not. */
  requestReset: open
    .input((value: unknown) => as<{ email: string }>(value))
    .mutation(async ({ ctx, input }) => {
      if (!ctx.mail.enabled) throw notFound("way to send e-mail on this server");
      const found = await requestReset({ services: ctx.services, input, ip: ctx.request.address });
      if (found !== undefined) ctx.mail.passwordReset(found.email, `${ctx.request.origin}/reset/${found.token}`);
    }),
  reset: open
    .input((value: unknown) => as<z.input<typeof resetPasswordInput>>(value))
    .mutation(({ ctx, input }) => resetPassword({ services: ctx.services, input })),
  requestLink: open
    .input((value: unknown) => as<{ email: string }>(value))
    .mutation(async ({ ctx, input }) => {
      if (!ctx.mail.enabled) throw notFound("way to send e-mail on this server");
      const { email, token } = await requestLogin({ services: ctx.services, input, ip: ctx.request.address });
      ctx.mail.signInLink(email, `${ctx.request.origin}/link/${token}`);
    }),
});
