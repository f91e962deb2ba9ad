/** Logins elsewhere, from the button to the team: GitHub and Google as msw plays them, OpenID Connect on a real port. */
import { http, HttpResponse, passthrough } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../lib/db/client";
import { testDatabase } from "../../lib/db/testing/database";
import { createInvite } from "../../lib/services/invites/create";
import { type SeededServices, seedMember, seedServices, seedUser, unique } from "../../lib/services/testing/seed";
import { createAccounts } from "./accounts";
import { createAuthHandler } from "./handler";
import { createAuth } from "./login";
import type { AuthProviders } from "./options";
import { TestBrowser } from "./testing/browser";
import { OpenIdProvider } from "./testing/openid";
import { type OpenIdServer, startOpenIdServer } from "./testing/openid-server";

const secret = "a secret that is long enough for the test";
const client = { clientId: "id", clientSecret: "hidden" };
const logged: string[] = [];
const keep = (message: string): void => void logged.push(message);
const log = { debug: keep, info: keep, warn: keep, error: keep };

const network = setupServer();
let db: Database;
let services: SeededServices;
let openid: OpenIdServer;

beforeAll(async () => {
  db = await testDatabase();
  services = seedServices(db);
  await seedUser(db);
  openid = await startOpenIdServer();
  network.listen({ onUnhandledRequest: "error" });
}, 120_000);
beforeEach(() => network.use(http.all(`${openid.provider.issuer}/*`, () => passthrough())));
afterEach(() => network.resetHandlers());
afterAll(async () => {
  network.close();
  await openid.close();
  await db.close();
});

const address = (): string => `${unique()}@example.com`;

function browser(providers: Partial<AuthProviders> = {}): TestBrowser {
  const oidc = { ...client, issuer: openid.provider.issuer, name: "Example", trustEmail: false };
  return new TestBrowser(
    createAuthHandler({
      secret,
      accounts: createAccounts(services),
      providers: { github: client, google: client, oidc, ...providers },
      log,
    }),
  );
}

/** Who the server says the browser is, once it came back. */
const whoIs = (signedIn: TestBrowser) => createAuth({ services, secret })(signedIn.cookie);

interface GithubUser {
  readonly id: number;
  readonly emails: readonly { email: string; primary: boolean; verified: boolean }[];
}

function playGithub({ id, emails }: GithubUser): void {
  network.use(
    http.post("https://github.com/login/oauth/access_token", async ({ request }) => {
      const form = new URLSearchParams(await request.text());
      return form.get("code") === "the-code"
        ? HttpResponse.json({ access_token: "gho_token", token_type: "bearer" })
        : HttpResponse.json({ error: "bad_verification_code" }, { status: 400 });
    }),
    http.get("https://api.github.com/user", () => HttpResponse.json({ id, login: "octo", name: "Octo", email: null })),
    http.get("https://api.github.com/user/emails", ({ request }) =>
      request.headers.get("authorization") === "Bearer gho_token"
        ? HttpResponse.json(emails)
        : new HttpResponse(null, { status: 401 }),
    ),
  );
}

/** GitHub sends the browser back. */
function fromGithub(to: URL, code = "the-code"): URL {
  const back = new URL(to.searchParams.get("redirect_uri") ?? "");
  back.search = new URLSearchParams({ code, state: to.searchParams.get("state") ?? "" }).toString();
  return back;
}

describe("GitHub", () => {
  it("lets a newcomer in by the address that it has verified, in no team yet, and back to the page", async () => {
    const email = address();
    playGithub({
      id: 1,
      emails: [
        { email: "not-mine@example.com", primary: true, verified: false },
        { email, primary: false, verified: true },
      ],
    });
    const newcomer = browser();
    const to = await newcomer.begin("github", "/invite/abc");
    expect(to.origin + to.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(await newcomer.comeBack(fromGithub(to))).toBe("/invite/abc");
    expect(await whoIs(newcomer)).toMatchObject({ user: { email, name: "Octo" }, organisation: undefined });
  });

  it("leads who was invited by that address into the team", async () => {
    const email = address();
    const inviter = await seedMember(services);
    await createInvite({ ctx: inviter, input: { role: "developer", email } });
    playGithub({ id: 2, emails: [{ email, primary: true, verified: true }] });
    const invited = browser();
    expect(await invited.comeBack(fromGithub(await invited.begin("github")))).toBe("/");
    expect(await whoIs(invited)).toMatchObject({ organisation: { id: inviter.org, role: "developer" } });
  });

  it("does not let anybody in by an address that is not verified, even of a user who is known", async () => {
    const member = await seedMember(services);
    playGithub({ id: 3, emails: [{ email: member.user.email, primary: true, verified: false }] });
    const thief = browser();
    expect(await thief.comeBack(fromGithub(await thief.begin("github")))).toBe("/sign-in?error=unverified");
    expect(await whoIs(thief)).toBeUndefined();
  });

  it.each([
    ["a state that is another's", (back: URL) => back.searchParams.set("state", "forged")],
    ["no state", (back: URL) => back.searchParams.delete("state")],
    ["a code that GitHub does not know", (back: URL) => back.searchParams.set("code", "guessed")],
    ["a refusal", (back: URL) => (back.search = "?error=access_denied")],
  ])("is not believed with %s; the log has the reason, and no secret", async (_what, change) => {
    playGithub({ id: 4, emails: [{ email: address(), primary: true, verified: true }] });
    const visitor = browser();
    const back = fromGithub(await visitor.begin("github"));
    change(back);
    logged.length = 0;
    expect(await visitor.comeBack(back)).toMatch(/^\/sign-in\?.*error=(OAuth)?Callback$/);
    expect(await whoIs(visitor)).toBeUndefined();
    expect(logged.join()).toMatch(/Logging in: \w+: .{8}/);
    expect(logged.join()).not.toMatch(/gho_token|hidden/);
  });

  it("is not believed when another browser had begun", async () => {
    playGithub({ id: 5, emails: [{ email: address(), primary: true, verified: true }] });
    const victim = browser();
    await victim.begin("github");
    const attacker = browser();
    expect(await victim.comeBack(fromGithub(await attacker.begin("github")))).toMatch(/error=/);
    expect(await whoIs(victim)).toBeUndefined();
  });

  it("that is away is told in the log, and nobody is let in", async () => {
    network.use(
      http.post("https://github.com/login/oauth/access_token", () => new HttpResponse(null, { status: 503 })),
    );
    const visitor = browser();
    expect(await visitor.comeBack(fromGithub(await visitor.begin("github")))).toMatch(/error=(OAuth)?Callback/);
    expect(await whoIs(visitor)).toBeUndefined();
  });
});

describe("Google", () => {
  const google = new OpenIdProvider("https://accounts.google.com");
  const play = (): void =>
    network.use(
      http.get("https://accounts.google.com/.well-known/openid-configuration", () =>
        HttpResponse.json(google.discovery()),
      ),
      http.get("https://accounts.google.com/jwks", () => HttpResponse.json(google.jwks())),
      http.post("https://accounts.google.com/token", async ({ request }) => {
        const tokens = google.token(new URLSearchParams(await request.text()));
        return tokens === undefined
          ? HttpResponse.json({ error: "invalid_grant" }, { status: 400 })
          : HttpResponse.json(tokens);
      }),
    );

  it("joins a user of the same verified address, who stays in their organisation", async () => {
    play();
    const member = await seedMember(services, { role: "admin" });
    google.claims = { sub: unique(), email: member.user.email, email_verified: true };
    const known = browser();
    expect(await known.comeBack(google.authorize((await known.begin("google")).searchParams))).toBe("/");
    expect(await whoIs(known)).toMatchObject({
      user: { id: member.user.id },
      organisation: { id: member.org, role: "admin" },
    });
  });

  it("refuses the code to a browser that has lost the verifier", async () => {
    play();
    google.claims = { sub: unique(), email: address(), email_verified: true };
    const visitor = browser();
    const back = google.authorize((await visitor.begin("google")).searchParams);
    visitor.forget(/pkce/);
    expect(await visitor.comeBack(back)).toMatch(/error=(OAuth)?Callback/);
    expect(await whoIs(visitor)).toBeUndefined();
  });

  it("is not believed with a token that another key has signed", async () => {
    play();
    const forger = new OpenIdProvider("https://accounts.google.com");
    forger.claims = { sub: unique(), email: address(), email_verified: true };
    network.use(
      http.post("https://accounts.google.com/token", async ({ request }) =>
        HttpResponse.json(forger.token(new URLSearchParams(await request.text())) ?? {}),
      ),
    );
    const visitor = browser();
    const back = forger.authorize((await visitor.begin("google")).searchParams);
    expect(await visitor.comeBack(back)).toMatch(/error=(OAuth)?Callback/);
    expect(await whoIs(visitor)).toBeUndefined();
  });
});

describe("an OpenID Connect provider", () => {
  const signIn = async (visitor: TestBrowser): Promise<string> => {
    const back = await fetch(await visitor.begin("oidc"), { redirect: "manual" });
    return visitor.comeBack(new URL(back.headers.get("location") ?? ""));
  };

  it("lets in by what its token says", async () => {
    const email = address();
    openid.provider.claims = { sub: unique(), email, email_verified: true, name: "Ada" };
    const visitor = browser();
    expect(await signIn(visitor)).toBe("/");
    expect(await whoIs(visitor)).toMatchObject({ user: { email, name: "Ada" } });
  });

  it("is asked about the user where its token says nothing more than who", async () => {
    const email = address();
    openid.provider.claims = { sub: unique() };
    openid.provider.userinfo = { email, email_verified: true };
    const visitor = browser();
    expect(await signIn(visitor)).toBe("/");
    openid.provider.userinfo = {};
    expect(await whoIs(visitor)).toMatchObject({ user: { email } });
  });

  it("must vouch for the address, unless the operator does", async () => {
    const email = address();
    openid.provider.claims = { sub: unique(), email };
    expect(await signIn(browser())).toBe("/sign-in?error=unverified");
    const oidc = { ...client, issuer: openid.provider.issuer, name: "Example", trustEmail: true };
    const trusting = browser({ oidc });
    expect(await signIn(trusting)).toBe("/");
    expect(await whoIs(trusting)).toMatchObject({ user: { email } });
  });

  it("is not believed with another login's nonce", async () => {
    const visitor = browser();
    openid.provider.claims = { sub: unique(), email: address(), email_verified: true, nonce: "replayed" };
    expect(await signIn(visitor)).toMatch(/error=(OAuth)?Callback/);
    expect(await whoIs(visitor)).toBeUndefined();
  });

  it("that is not there sends back with words, before anybody leaves", async () => {
    const oidc = { ...client, issuer: "http://127.0.0.1:1", name: "Gone", trustEmail: false };
    network.use(http.all("http://127.0.0.1:1/*", () => HttpResponse.error()));
    const visitor = browser({ oidc });
    expect(await visitor.comeBack(await visitor.begin("oidc"))).toMatch(/^\/sign-in\?.*error=OAuthSignin$/);
  });

  it("gives each login a new session, and what was planted before is of no use", async () => {
    openid.provider.claims = { sub: unique(), email: address(), email_verified: true };
    const visitor = browser();
    await signIn(visitor);
    const first = visitor.cookie;
    await signIn(visitor);
    expect(visitor.cookie).not.toBe(first);
    expect(await createAuth({ services, secret })("next-auth.session-token=planted")).toBeUndefined();
  });

  it("does not lead anywhere but to this server afterwards", async () => {
    openid.provider.claims = { sub: unique(), email: address(), email_verified: true };
    const visitor = browser();
    const to = await visitor.begin("oidc", "https://evil.example/");
    const back = await fetch(to, { redirect: "manual" });
    expect(await visitor.comeBack(new URL(back.headers.get("location") ?? ""))).toMatch(/^\/?$/);
  });
});
