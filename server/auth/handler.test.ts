import { describe, expect, it } from "vitest";
import type { Accounts, SignedInUser } from "./accounts";
import { createAuthHandler } from "./handler";
import { readSessionCookie } from "./session";

const ada: SignedInUser = { id: "user_ada", email: "ada@example.com", epoch: 3 };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const secret = "a secret that is long enough for the test";

function handlerWith(accounts: Partial<Accounts>) {
  const handler = createAuthHandler({
    secret,
    log: silent,
    providers: { github: { clientId: "id", clientSecret: "secret" } },
    accounts: {
      byPassword: async () => ({ type: "wrong" }),
      byProvider: async () => ({ type: "refused", reason: "unverified" }),
      byEmailLink: async () => undefined,
      ...accounts,
    },
  });
  return (path: string, init?: RequestInit, base = "http://localhost:3000") =>
    handler(new Request(`${base}/api/auth${path}`, init), { address: "192.0.2.1" });
}

type Call = ReturnType<typeof handlerWith>;

async function logIn(call: Call, fields: Record<string, string>, base?: string): Promise<Response> {
  const csrf = await call("/csrf", {}, base);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const cookie = csrf.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const body = new URLSearchParams({ ...fields, csrfToken, json: "true" });
  return call("/callback/credentials", { method: "POST", headers: { cookie }, body }, base);
}

const cookies = (response: Response): string => response.headers.getSetCookie().join("\n");

describe("logging in", () => {
  it("gives a cookie that says who it is, and the address of the host that was dialled", async () => {
    const asked: unknown[] = [];
    const call = handlerWith({ byPassword: async (given) => (asked.push(given), { type: "ok", user: ada }) });
    const answer = await logIn(call, { email: "ada@example.com", password: "right" });
    expect(await answer.json()).toEqual({ url: "http://localhost:3000" });
    expect(asked).toEqual([{ email: "ada@example.com", password: "right", address: "192.0.2.1" }]);
    expect(cookies(answer)).toMatch(/next-auth\.session-token=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax/i);
    const claims = await readSessionCookie(cookies(answer).replaceAll("\n", "; "), secret);
    expect(claims).toEqual({ userId: "user_ada", epoch: 3 });
  });

  it("demands TLS for the cookie where it was given over TLS", async () => {
    const call = handlerWith({ byPassword: async () => ({ type: "ok", user: ada }) });
    const answer = await logIn(call, { email: "a", password: "b" }, "https://voice.example");
    expect(cookies(answer)).toMatch(/__Secure-next-auth\.session-token=[^\n]*Secure/i);
    expect(await answer.json()).toEqual({ url: "https://voice.example" });
  });

  it("gives none for a wrong password, nor without the token against forged forms", async () => {
    const wrong = await logIn(handlerWith({}), { email: "a", password: "b" });
    expect(wrong.status).toBe(401);
    expect(cookies(wrong)).not.toContain("session-token=");
    const call = handlerWith({ byPassword: async () => ({ type: "ok", user: ada }) });
    const forged = await call("/callback/credentials", {
      method: "POST",
      body: new URLSearchParams({ email: "a", password: "b" }),
    });
    expect(cookies(forged)).not.toContain("session-token=");
  });

  it("tells how long to wait after too many tries", async () => {
    const call = handlerWith({ byPassword: async () => ({ type: "throttled", retryAfter: 40 }) });
    const answer = await logIn(call, { email: "a", password: "b" });
    expect(JSON.stringify(await answer.json())).toContain("throttled%3A40");
  });

  it("sends to a configured provider with this host as the way back", async () => {
    const call = handlerWith({});
    const csrf = await call("/csrf");
    const { csrfToken } = (await csrf.json()) as { csrfToken: string };
    const cookie = csrf.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const answer = await call("/signin/github", {
      method: "POST",
      headers: { cookie },
      body: new URLSearchParams({ csrfToken }),
    });
    expect(answer.status).toBe(302);
    const to = new URL(answer.headers.get("location") ?? "");
    expect([to.host, to.searchParams.get("redirect_uri")]).toEqual([
      "github.com",
      "http://localhost:3000/api/auth/callback/github",
    ]);
  });
});

describe("the session's cookie", () => {
  it.each([null, "", "next-auth.session-token=forged", "next-auth.session-token=%", "a=b; =; ;;"])(
    "is nobody's when it is %j",
    async (header) => {
      expect(await readSessionCookie(header, secret)).toBeUndefined();
    },
  );

  it("is nobody's under another secret", async () => {
    const call = handlerWith({ byPassword: async () => ({ type: "ok", user: ada }) });
    const header = cookies(await logIn(call, { email: "a", password: "b" })).replaceAll("\n", "; ");
    expect(await readSessionCookie(header, "another secret")).toBeUndefined();
  });
});
