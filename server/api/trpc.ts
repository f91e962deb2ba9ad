/** tRPC's foundation: who asks, what each procedure demands, and how failures are told. What demands nothing is refused. */
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import type { Scope } from "../../lib/auth/roles";
import { roleMay } from "../../lib/auth/roles";
import { type Context, organisationLogin, type OrganisationLogin } from "./context";
import { describeError, toTRPCError } from "./errors";

/** What must be given before a procedure runs. */
export type Access = "public" | "signed-in" | Scope;

interface Meta {
  readonly access: Access;
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => describeError(shape, error),
    sse: {
      maxDurationMs: 300_000,
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 40_000 },
    },
  });

export const { router, createCallerFactory } = t;

/** Runs for every procedure, before its input is looked at. */
const guarded = t.procedure.use(async ({ ctx, meta, type, next }) => {
  if (type === "mutation") refuseForgery(ctx);
  requireAccess(ctx, meta?.access);
  const result = await next();
  const refusal = result.ok ? undefined : toTRPCError(result.error.cause);
  if (refusal !== undefined) throw refusal;
  return result;
});

/** For whoever comes, logged in or not. */
export const open = guarded.meta({ access: "public" });

/** For whoever is logged in, in any organisation or none. */
export const signedIn = guarded.meta({ access: "signed-in" }).use(({ ctx, next }) => {
  if (ctx.login === undefined) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { ...ctx, login: ctx.login } });
});

/** For members of the chosen organisation whose role has `scope`. */
export function member(scope: Scope) {
  return guarded.meta({ access: scope }).use(({ ctx, next }) => {
    const login = memberLogin(ctx);
    return next({ ctx: { ...ctx, login, service: ctx.serviceContext(login) } });
  });
}

function requireAccess(ctx: Context, access: Access | undefined): void {
  if (access === "public") return;
  if (ctx.login === undefined) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  if (access === "signed-in") return;
  if (access === undefined || !roleMay(memberLogin(ctx).role, access))
    throw new TRPCError({ code: "FORBIDDEN", message: "Your role does not allow this." });
}

function memberLogin({ login }: Context): OrganisationLogin {
  const member = organisationLogin(login);
  if (member === undefined)
    throw new TRPCError({ code: "FORBIDDEN", message: "You are no member of this organisation." });
  return member;
}

function refuseForgery({ request }: Context): void {
  if (request.fromOurPage) return;
  throw new TRPCError({ code: "FORBIDDEN", message: "This request does not come from a page of this server." });
}
