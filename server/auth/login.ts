/** The `auth()` seam: from a request's cookies to who asks, read anew each time, so that a changed role counts at once. */
import { ORGANISATION_COOKIE } from "../../lib/auth/viewer";
import type { Services } from "../../lib/services/context";
import { getUser } from "../../lib/services/users/get";
import { memberContext, organisationsOf } from "../../lib/services/users/member-context";
import type { Login } from "../api/context";
import { parseCookies } from "../web/cookies";
import { readSessionCookie } from "./session";

export type Auth = (cookie: string | null) => Promise<Login | undefined>;

export function createAuth({ services, secret }: { readonly services: Services; readonly secret: string }): Auth {
  return async (cookie) => {
    const claims = await readSessionCookie(cookie, secret);
    if (claims === undefined) return undefined;
    const { userId, epoch: loginEpoch } = claims;
    const [user, organisations] = await Promise.all([getUser(services, userId), organisationsOf(services, userId)]);
    if (user === undefined || user.loginEpoch !== loginEpoch) return undefined;
    const wanted = parseCookies(cookie)[ORGANISATION_COOKIE];
    const chosen = organisations.find(({ id }) => id === wanted) ?? organisations[0];
    // The one place that knows whether a user is disabled, or no member any more.
    const context = chosen && (await memberContext(services, { userId, loginEpoch, org: chosen.id }));
    if (chosen !== undefined && !context?.role) return undefined;
    return {
      user: { id: user.id, email: user.email, name: user.name ?? "" },
      organisations,
      organisation: chosen && context?.role ? { id: chosen.id, name: chosen.name, role: context.role } : undefined,
    };
  };
}
