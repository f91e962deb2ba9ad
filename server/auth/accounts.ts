/** How NextAuth's questions are put to the services. What a service refuses is no login; what it trips over is a fault. */
import type { Services } from "../../lib/services/context";
import { ServiceError } from "../../lib/services/errors";
import { type LoginRefusal, LoginRefused } from "../../lib/services/users/admission";
import { logInByLink } from "../../lib/services/users/email-link";
import { logIn } from "../../lib/services/users/log-in";
import type { Person } from "../../lib/services/users/person";
import { providerLogin } from "../../lib/services/users/provider-login";

export interface SignedInUser {
  readonly id: string;
  readonly email: string;
  /** Changes when everything that was signed before must end, as after a new password. */
  readonly epoch: number;
}

export interface ProviderProfile {
  readonly provider: string;
  readonly accountId: string;
  readonly email: string | undefined;
  /** Whether the provider vouches for the address. */
  readonly emailVerified: boolean;
  readonly name: string | undefined;
}

export type PasswordOutcome =
  | { readonly type: "ok"; readonly user: SignedInUser }
  | { readonly type: "wrong" }
  /** Too many tries: the wait in seconds. */
  | { readonly type: "throttled"; readonly retryAfter: number };

export type ProviderOutcome =
  { readonly type: "ok"; readonly user: SignedInUser } | { readonly type: "refused"; readonly reason: LoginRefusal };

/** `address` is where somebody comes from. */
export interface Accounts {
  byPassword(input: { email: string; password: string; address: string }): Promise<PasswordOutcome>;
  byProvider(profile: ProviderProfile, address: string): Promise<ProviderOutcome>;
  /** Uses up a link that was sent by e-mail. Undefined: it is unknown, used, or too old, or its owner may not come in. */
  byEmailLink(token: string, address: string): Promise<SignedInUser | undefined>;
}

export function createAccounts(services: Services): Accounts {
  return {
    byPassword: async ({ email, password, address }) => {
      try {
        return { type: "ok", user: signedIn(await logIn({ services, input: { email, password }, ip: address })) };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (error.code !== "rate_limited") return { type: "wrong" };
        return { type: "throttled", retryAfter: error.retryAfterSeconds ?? 60 };
      }
    },
    byProvider: async ({ provider, accountId, email, emailVerified, name }, ip) => {
      try {
        const input = { provider, providerAccountId: accountId, email, emailVerified, name };
        return { type: "ok", user: signedIn(await providerLogin({ services, input, ip })) };
      } catch (error) {
        if (error instanceof LoginRefused) return { type: "refused", reason: error.reason };
        // An address that is none, for example.
        if (error instanceof ServiceError) return { type: "refused", reason: "unverified" };
        throw error;
      }
    },
    byEmailLink: async (token, ip) => {
      try {
        return signedIn(await logInByLink({ services, token, ip }));
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    },
  };
}

function signedIn({ id, email, loginEpoch }: Person): SignedInUser {
  return { id, email, epoch: loginEpoch };
}
