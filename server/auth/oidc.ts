/** Any OpenID Connect provider, as NextAuth wants it described. */
import type { Profile } from "next-auth";
import type { OAuthConfig, UserinfoEndpointHandler } from "next-auth/providers/oauth";

export interface OidcClient {
  readonly issuer: string;
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Its addresses count as verified even where it does not say so. */
  readonly trustEmail: boolean;
}

type Request = NonNullable<UserinfoEndpointHandler["request"]>;
/** What the library really hands over, with the claims already checked. */
type TokenSet = Extract<Parameters<Parameters<Request>[0]["client"]["userinfo"]>[0], object>;

export function oidcProvider({ issuer, name, clientId, clientSecret, trustEmail }: OidcClient): OAuthConfig<Profile> {
  return {
    id: "oidc",
    name,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    clientId,
    clientSecret,
    userinfo: {
      request: async ({ client, tokens }) => {
        const set = tokens as TokenSet;
        const claims = set.claims();
        // Some put into the token who somebody is, and nothing more.
        const more = claims.email === undefined && client.issuer.metadata.userinfo_endpoint !== undefined;
        const profile = more ? { ...(await client.userinfo(set)), ...claims } : claims;
        return trustEmail ? { ...profile, email_verified: true } : profile;
      },
    },
    profile: ({ sub, name: person, email }) => ({ id: sub ?? "", name: person, email }),
  };
}
