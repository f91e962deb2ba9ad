/** NextAuth's options: who may come in by which way, and what the cookie says. */
import type { NextAuthOptions, Profile } from "next-auth";
import type { Provider } from "next-auth/providers/index";
import Credentials from "next-auth/providers/credentials";
import GitHub from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import type { Logger } from "../../lib/logger";
import type { Accounts, ProviderProfile, SignedInUser } from "./accounts";
import { githubProfile } from "./github-profile";
import { interop } from "./interop";
import { type OidcClient, oidcProvider } from "./oidc";

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AuthProviders {
  readonly github?: OAuthClient;
  readonly google?: OAuthClient;
  readonly oidc?: OidcClient;
}

export interface AuthSettings {
  readonly secret: string;
  readonly accounts: Accounts;
  readonly providers: AuthProviders;
  readonly log: Logger;
}

const SESSION_SECONDS = 30 * 24 * 60 * 60;
const SIGN_IN = "/sign-in";

/** `address` is whom the attempts are counted for, `encrypted` whether the cookie may demand TLS. */
export function authOptions(
  settings: AuthSettings,
  { address, encrypted }: { readonly address: string; readonly encrypted: boolean },
): NextAuthOptions {
  const { accounts } = settings;
  return {
    secret: settings.secret,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    useSecureCookies: encrypted,
    pages: { signIn: SIGN_IN, error: SIGN_IN, signOut: SIGN_IN },
    providers: [
      interop(Credentials)({
        credentials: { email: {}, password: {} },
        authorize: (given) => byPassword(accounts, { given, address }),
      }),
      interop(Credentials)({
        id: "email-link",
        credentials: { token: {} },
        authorize: async (given) => (await accounts.byEmailLink(given?.token ?? "", address)) ?? null,
      }),
      ...oauthProviders(settings.providers),
    ],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account === null || account.type === "credentials") return true;
        try {
          const outcome = await accounts.byProvider(toProfile(account, profile), address);
          if (outcome.type === "refused") return `${SIGN_IN}?error=${outcome.reason}`;
          Object.assign(user, outcome.user);
          return true;
        } catch (error) {
          // NextAuth would put the message into the address, and log nothing.
          settings.log.error("A login by a provider failed.", error);
          return `${SIGN_IN}?error=fault`;
        }
      },
      jwt: ({ token, user }) => {
        const known = user as SignedInUser | undefined;
        return known === undefined ? token : { sub: known.id, epoch: known.epoch };
      },
      session: ({ session }) => session,
    },
    logger: {
      error: (code, about) => settings.log.warn(`Logging in: ${code}: ${reasonIn(about)}`),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

async function byPassword(
  accounts: Accounts,
  { given, address }: { given: { email: string; password: string } | undefined; address: string },
): Promise<SignedInUser | null> {
  const { email = "", password = "" } = given ?? {};
  const outcome = await accounts.byPassword({ email, password, address });
  switch (outcome.type) {
    case "ok":
      return outcome.user;
    case "wrong":
      return null;
    case "throttled":
      throw new Error(`throttled:${outcome.retryAfter}`);
    default:
      return outcome satisfies never;
  }
}

function oauthProviders({ github, google, oidc }: AuthProviders): Provider[] {
  const providers: Provider[] = [];
  if (github) providers.push(interop(GitHub)({ ...github, userinfo: { request: githubProfile } }));
  if (google) providers.push(interop(Google)(google));
  if (oidc) providers.push(oidcProvider(oidc));
  return providers;
}

function toProfile(
  account: { provider: string; providerAccountId: string },
  profile: (Profile & { email_verified?: unknown; login?: string }) | undefined,
): ProviderProfile {
  return {
    provider: account.provider,
    accountId: account.providerAccountId,
    email: profile?.email ?? undefined,
    emailVerified: profile?.email_verified === true,
    name: (profile?.name ?? profile?.login)?.slice(0, 100),
  };
}

/** NextAuth gives the error itself, or an object around it. Only its message: the rest may hold tokens. */
function reasonIn(about: unknown): string {
  const error = about instanceof Error ? about : (about as { error?: unknown } | undefined)?.error;
  return error instanceof Error ? error.message : "no reason was given";
}
