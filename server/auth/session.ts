/** Reads NextAuth's cookie. What it says is only who logged in and when: everything else is asked of the database. */
import { decode } from "next-auth/jwt";
import { parseCookies } from "../web/cookies";

export interface SessionClaims {
  readonly userId: string;
  readonly epoch: number;
}

/** Both are ours: which one was set depends on whether the browser came over TLS. */
const NAMES = ["__Secure-next-auth.session-token", "next-auth.session-token"];

/** Undefined for nobody, and for cookies that are forged, damaged or too old. */
export async function readSessionCookie(header: string | null, secret: string): Promise<SessionClaims | undefined> {
  const cookies = parseCookies(header);
  for (const name of NAMES) {
    const token = whole(cookies, name);
    if (token === undefined) continue;
    const claims = await decode({ token, secret }).catch(() => null);
    if (claims?.sub !== undefined && typeof claims["epoch"] === "number")
      return { userId: claims.sub, epoch: claims["epoch"] };
  }
  return undefined;
}

/** NextAuth cuts a long token into numbered pieces. */
function whole(cookies: Readonly<Record<string, string>>, name: string): string | undefined {
  if (cookies[name] !== undefined) return cookies[name];
  let text = "";
  for (let i = 0; cookies[`${name}.${i}`] !== undefined; i++) text += cookies[`${name}.${i}`];
  return text === "" ? undefined : text;
}
