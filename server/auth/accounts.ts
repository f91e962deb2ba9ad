/** How NextAuth's questions are put to the services. What a service refuses is no login; what it trips over is a fault. */
import type { Services } from "../../lib/services/context";
import { ServiceError } from "../../lib/services/errors";
import { logIn } from "../../lib/services/users/log-in";
import type { Person } from "../../lib/services/users/person";
import { logInByLink, providerLogin } from "../../lib/services/users/provider-login";

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

export interface Accounts {
  byPassword(input: { email: string; password: string; address: string }): Promise<PasswordOutcome>;
  /** Undefined: nobody with this account may come in. */
  byProvider(profile: ProviderProfile): Promise<SignedInUser | undefined>;
  /** Uses up a link that was sent by e-mail. Undefined: it is unknown, used, or too old. */
  byEmailLink(token: string): Promise<SignedInUser | undefined>;
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
    byProvider: ({ provider, accountId, email, emailVerified, name }) =>
      refusable(() =>
        providerLogin({
          services,
          input: { provider, providerAccountId: accountId, email: email ?? "", emailVerified, name },
        }),
      ),
    byEmailLink: (token) => refusable(() => logInByLink({ services, token })),
  };
}

async function refusable(login: () => Promise<Person>): Promise<SignedInUser | undefined> {
  try {
    return signedIn(await login());
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function signedIn({ id, email, loginEpoch }: Person): SignedInUser {
  return { id, email, epoch: loginEpoch };
}
