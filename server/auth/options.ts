/** NextAuth's options: who may come in by which way, and what the cookie says. */
import type { NextAuthOptions, Profile } from "next-auth";
import type { Provider } from "next-auth/providers/index";
import Credentials from "next-auth/providers/credentials";
import GitHub from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import type { Logger } from "../../lib/logger";
import type { Accounts, ProviderProfile, SignedInUser } from "./accounts";
import { interop } from "./interop";

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AuthProviders {
  readonly github?: OAuthClient;
  readonly google?: OAuthClient;
  readonly oidc?: OAuthClient & { readonly issuer: string; readonly name: string };
}

export interface AuthSettings {
  readonly secret: string;
  readonly accounts: Accounts;
  readonly providers: AuthProviders;
  readonly log: Logger;
}

const SESSION_SECONDS = 30 * 24 * 60 * 60;

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
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [
      interop(Credentials)({
        credentials: { email: {}, password: {} },
        authorize: (given) => byPassword(accounts, { given, address }),
      }),
      interop(Credentials)({
        id: "email-link",
        credentials: { token: {} },
        authorize: async (given) => (await accounts.byEmailLink(given?.token ?? "")) ?? null,
      }),
      ...oauthProviders(settings.providers),
    ],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account === null || account.type === "credentials") return true;
        const known = await accounts.byProvider(toProfile(account, profile));
        if (known === undefined) return false;
        Object.assign(user, known);
        return true;
      },
      jwt: ({ token, user }) => {
        const known = user as SignedInUser | undefined;
        return known === undefined ? token : { sub: known.id, epoch: known.epoch };
      },
      session: ({ session }) => session,
    },
    logger: {
      error: (code) => settings.log.warn(`Logging in: ${code}`),
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
  if (github) providers.push(interop(GitHub)(github));
  if (google) providers.push(interop(Google)(google));
  if (oidc) {
    providers.push({
      id: "oidc",
      name: oidc.name,
      type: "oauth",
      wellKnown: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile" } },
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      profile: (profile: Profile & { sub: string }) => ({ id: profile.sub, name: profile.name, email: profile.email }),
    });
  }
  return providers;
}

function toProfile(
  account: { provider: string; providerAccountId: string },
  profile: (Profile & { email_verified?: unknown }) | undefined,
): ProviderProfile {
  return {
    provider: account.provider,
    accountId: account.providerAccountId,
    email: profile?.email ?? undefined,
    // GitHub names the address that its user confirmed as the primary one; the others say so themselves.
    emailVerified: account.provider === "github" || profile?.email_verified === true,
    name: profile?.name ?? undefined,
  };
}
