/** Who somebody is at GitHub, with an address that GitHub has verified: the primary one need not be. */
import type { UserinfoEndpointHandler } from "next-auth/providers/oauth";
import type { GithubProfile } from "next-auth/providers/github";
import { z } from "zod";

type Request = NonNullable<UserinfoEndpointHandler["request"]>;

const ADDRESSES = "https://api.github.com/user/emails";
const TIMEOUT_MS = 5_000;

const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

export const githubProfile: Request = async ({ client, tokens }) => {
  const token = tokens.access_token ?? "";
  const profile = await client.userinfo<GithubProfile>(token);
  const answer = await fetch(ADDRESSES, {
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`GitHub does not tell the e-mail addresses (${answer.status}).`);
  const verified = addresses.parse(await answer.json()).filter((each) => each.verified);
  const chosen = verified.find(({ primary }) => primary) ?? verified[0];
  return { ...profile, email: chosen?.email, email_verified: chosen !== undefined };
};
