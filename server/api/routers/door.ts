/** What stands before a login: setting up, joining, and forgotten passwords. Each checks its own input. */
import { TRPCError } from "@trpc/server";
import type { z } from "zod";
import { acceptInvite, viewInvite } from "../../../lib/services/invites/accept";
import { registerByInvite, type registerByInviteInput } from "../../../lib/services/invites/register";
import { forbidden, notFound } from "../../../lib/services/errors";
import { createOrganisation, type createOrganisationInput } from "../../../lib/services/organisations/create";
import { requestLogin } from "../../../lib/services/users/email-link";
import { organisationsOf } from "../../../lib/services/users/member-context";
import { requestReset, resetPassword, type resetPasswordInput } from "../../../lib/services/users/passwords";
import { setUp, type setUpInput } from "../../../lib/services/users/setup";
import type { Context } from "../context";
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
  /** Somebody without an organisation makes their own, where the operator lets strangers in. */
  found: signedIn
    .input((value: unknown) => as<z.input<typeof createOrganisationInput>>(value))
    .mutation(({ ctx, input }) => {
      if (ctx.signUp !== "open") throw forbidden("On this server organisations are made by those who have one.");
      return createOrganisation({ services: ctx.services, user: ctx.login.user, input, ip: ctx.request.address });
    }),
  /** Says the same whether there is such an account or not. */
  requestReset: open
    .input((value: unknown) => as<{ email: string }>(value))
    .mutation(async ({ ctx, input }) => {
      const letters = await lettersOf(ctx);
      const found = await requestReset({ services: ctx.services, input, ip: ctx.request.address });
      if (found !== undefined) ctx.mail.passwordReset(found.email, `${letters}/reset/${found.token}`);
    }),
  reset: open
    .input((value: unknown) => as<z.input<typeof resetPasswordInput>>(value))
    .mutation(({ ctx, input }) => resetPassword({ services: ctx.services, input })),
  /** Says the same whether there is such an account or not. */
  requestLink: open
    .input((value: unknown) => as<{ email: string }>(value))
    .mutation(async ({ ctx, input }) => {
      const letters = await lettersOf(ctx);
      const strangers = ctx.signUp === "open";
      const found = await requestLogin({ services: ctx.services, input, ip: ctx.request.address, strangers });
      if (found !== undefined) ctx.mail.signInLink(found.email, `${letters}/link/${found.token}`);
    }),
});

/** Where the links in letters lead. The host that the request names is not asked: anybody can name any. */
async function lettersOf({ mail, publicUrl }: Context): Promise<string> {
  if (!mail.enabled || publicUrl === undefined) throw notFound("way to send e-mail on this server");
  // Asked before anything else, so that whose address is known does not show by what fails.
  if (!(await mail.answers()))
    throw new TRPCError({
      code: "SERVICE_UNAVAILABLE",
      message: "The mail server does not answer, so nothing was sent. Try again in a few minutes.",
    });
  return publicUrl;
}
