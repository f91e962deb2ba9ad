/** Why a login elsewhere came to nothing, by what stands in the address: our own reasons first, then NextAuth's. */
const REFUSALS: Readonly<Record<string, string>> = {
  unverified:
    "There the account has no verified e-mail address, so nobody can tell whose it is. Verify it there, then try again.",
  disabled: "This account is disabled. An owner of your organisation can tell you why.",
  "no-owner": "This server has no owner yet. Its setup link comes first.",
  fault: "Something went wrong on this server. Its log has the details.",
  OAuthSignin: "The other side does not answer. Try again in a moment, or sign in another way.",
  OAuthCallback: "Signing in there was cancelled, took too long, or did not work. Try again.",
  Callback: "Signing in there was cancelled, took too long, or did not work. Try again.",
};

/** Undefined for what stands not here. */
export function refusalWords(error: string | null): string | undefined {
  return error === null ? undefined : REFUSALS[error];
}
