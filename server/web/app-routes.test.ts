/** The app's routes as browsers reach them: over HTTP, with cookies, from pages of ours and of others. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../lib/db/client";
import { testDatabase } from "../../lib/db/testing/database";
import { parseNetworks } from "../../lib/networks";
import { listAudit } from "../../lib/services/audit/list";
import { type SeededServices, seedMember, seedServices } from "../../lib/services/testing/seed";
import { createProviderDesk } from "../app/provider-desk";
import type { StageProvider } from "../stages/inventory";
import { createAppRoutes } from "./app-routes";

const authSecret = "a secret that is long enough for the test";
const log = { debug() {}, info() {}, warn() {}, error() {} };

const provider: StageProvider = {
  id: "llm-1",
  stage: "llm",
  name: "tiny",
  reason: "built in",
  local: true,
  models: ["antiphon"],
  check: async () => "It answered.",
};

let db: Database;
let services: SeededServices;
let server: Server;
let origin: string;

beforeAll(async () => {
  db = await testDatabase();
  services = seedServices(db);
  const never = () => Promise.reject(new Error("Nobody asks for this here."));
  const { handle } = createAppRoutes({
    surroundings: {
      services,
      mail: {
        enabled: false,
        answers: async () => false,
        invitation: async () => false,
        passwordReset: () => undefined,
        signInLink: () => undefined,
        close: () => undefined,
      },
      server: { engine: "test", models: ["antiphon"], voices: [] },
      providers: createProviderDesk({ providers: [provider], log, perMinute: 2 }),
      signUp: "invited",
      publicUrl: undefined,
      watchLive: never as never,
      mintSecret: never,
      setupToken: () => undefined,
    },
    audio: undefined as never,
    authSecret,
    providers: {},
    trustedProxies: parseNetworks("127.0.0.1", () => undefined),
    log,
  });
  server = createServer((req, res) => void (handle(req, res) || res.writeHead(404).end())).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await db.close();
});

async function cookieOf(user: { readonly id: string }): Promise<string> {
  return `next-auth.session-token=${await encode({ token: { sub: user.id, epoch: 0 }, secret: authSecret })}`;
}

interface Call {
  readonly path: string;
  readonly input: unknown;
  readonly headers: Record<string, string>;
}

const post = ({ path, input, headers }: Call): Promise<Response> =>
  fetch(`${origin}/api/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ json: input }),
  });

describe("what changes something", () => {
  const path = "team.invite";
  const input = { role: "viewer" };

  it("is done for a page of ours, and the audit log knows from where, behind a proxy too", async () => {
    const owner = await seedMember(services);
    const cookie = await cookieOf(owner.user);
    const answer = await post({ path, input, headers: { cookie, origin, "x-forwarded-for": "192.0.2.77" } });
    expect(answer.status).toBe(200);
    const { items } = await listAudit({ ctx: owner, input: {} });
    expect(items[0]).toMatchObject({ action: "invites.create", ip: "192.0.2.77" });
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this host", { origin: "http://127.0.0.1:1" }],
    ["nowhere", {}],
    ["a frame without an origin", { origin: "null" }],
  ])("is refused when %s sends it, with the person's own cookie", async (_who, headers) => {
    const owner = await seedMember(services);
    const cookie = await cookieOf(owner.user);
    const answer = await post({ path, input, headers: { cookie, ...headers } });
    expect(answer.status).toBe(403);
    const crossSite = { cookie, origin, "sec-fetch-site": "cross-site" };
    expect((await post({ path, input, headers: crossSite })).status).toBe(403);
    const byForm = { cookie, ...headers, "content-type": "text/plain" };
    expect((await post({ path, input, headers: byForm })).status).toBeGreaterThanOrEqual(400);
    const query = `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
    expect((await fetch(`${origin}/api/trpc/${path}${query}`, { headers: { cookie } })).status).toBe(405);
    expect((await listAudit({ ctx: owner, input: {} })).items).toEqual([]);
  });
});

describe("logging in too often", () => {
  it("is told with the wait, for each client behind a proxy by itself", async () => {
    const tryFrom = async (address: string, email: string): Promise<string> => {
      const headers = { origin, "x-forwarded-for": address };
      const csrf = await fetch(`${origin}/api/auth/csrf`, { headers });
      const { csrfToken } = (await csrf.json()) as { csrfToken: string };
      const cookie = csrf.headers
        .getSetCookie()
        .map((each) => each.split(";")[0])
        .join("; ");
      const body = new URLSearchParams({ email, password: "guess", csrfToken, json: "true" });
      const answer = await fetch(`${origin}/api/auth/callback/credentials`, {
        method: "POST",
        headers: { ...headers, cookie },
        body,
      });
      return ((await answer.json()) as { url: string }).url;
    };
    for (let i = 0; i < 50; i++) await tryFrom("192.0.2.1", `${i}@example.com`);
    expect(await tryFrom("192.0.2.1", "one-more@example.com")).toMatch(/throttled%3A\d+/);
    expect(await tryFrom("192.0.2.2", "somebody@example.com")).toMatch(/error=CredentialsSignin/);
  });
});

describe("testing a provider", () => {
  it("is for those who may change settings, is written down, and ends at a limit", async () => {
    const owner = await seedMember(services);
    const developer = await seedMember(services, { role: "developer", org: owner.org });
    const call = async (user: { readonly id: string }, id = "llm-1") =>
      post({ path: "settings.testProvider", input: { id }, headers: { cookie: await cookieOf(user), origin } });
    expect((await call(developer.user)).status).toBe(403);
    const answer = (await (await call(owner.user)).json()) as { result: { data: { json: unknown } } };
    expect(answer.result.data.json).toMatchObject({ ok: true, detail: "It answered." });
    expect((await call(owner.user, "llm-9")).status).toBe(404);
    expect((await call(owner.user)).status).toBe(200);
    expect((await call(owner.user)).status).toBe(429);
    const { items } = await listAudit({ ctx: owner, input: {} });
    expect(items.map(({ action, details }) => [action, details])).toEqual([
      ["settings.testProvider", { name: "tiny", outcome: "works" }],
      ["settings.testProvider", { name: "tiny", outcome: "works" }],
    ]);
  });
});
