/** Every procedure, by the owner of another organisation, with the ids of this one: nothing is shown, nothing changes. */
import { eq, getTableColumns, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../lib/db/client";
import * as schema from "../../lib/db/schema/index";
import { testDatabase } from "../../lib/db/testing/database";
import { newId } from "../../lib/ids";
import { createAgent } from "../../lib/services/agents/create";
import { saveBudget } from "../../lib/services/budgets/save";
import type { ServiceContext } from "../../lib/services/context";
import { createInvite } from "../../lib/services/invites/create";
import { createKey } from "../../lib/services/keys/create";
import { setLimit } from "../../lib/services/limits/set";
import { setPrice } from "../../lib/services/prices/set";
import { type SeededServices, seedMember, seedServices, unique } from "../../lib/services/testing/seed";
import { createTool } from "../../lib/services/tools/create";
import { createWebhook } from "../../lib/services/webhooks/create";
import { createContext, type Surroundings } from "./context";
import { appRouter } from "./root";
import { createCallerFactory } from "./trpc";

const MARK = `theirs-${unique()}`;
const tool = { kind: "client", name: "lookup", description: MARK, parameters: { type: "object" } } as const;
const mcp = { kind: "mcp", name: `mcp_${unique()}`, config: { url: `https://example.com/${MARK}` } } as const;
const webhook = { url: `https://example.com/${MARK}`, events: ["session.ended"] } as const;
const budget = { name: MARK, period: "day", amountMicros: 5 } as const;

type Ids = Record<
  "agent" | "budget" | "delivery" | "invite" | "key" | "limit" | "mcp" | "session" | "tool" | "user" | "webhook",
  string
>;

/** What names something by its id, and how it is called with that of another organisation. */
const NAMING: Record<string, (ids: Ids) => unknown> = {
  "agents.get": ({ agent: id }) => ({ id }),
  "agents.versions": ({ agent: id }) => ({ id }),
  "agents.save": ({ agent: id }) => ({ id, name: "taken", config: {} }),
  "agents.restore": ({ agent: id }) => ({ id, version: 1 }),
  "agents.archive": ({ agent: id }) => ({ id }),
  "keys.rename": ({ key: id }) => ({ id, name: "taken" }),
  "keys.revoke": ({ key: id }) => ({ id }),
  "limits.set": ({ key: subjectId }) => ({ subject: "key", subjectId, requestsPerMinute: 1 }),
  "limits.remove": ({ limit: id }) => ({ id }),
  "limits.saveBudget": ({ budget: id }) => ({ ...budget, id }),
  "limits.removeBudget": ({ budget: id }) => ({ id }),
  "mcpServers.get": ({ mcp: id }) => ({ id }),
  "mcpServers.listTools": ({ mcp: id }) => ({ id }),
  "mcpServers.runTool": ({ mcp: id }) => ({ id, name: "lookup", arguments: {} }),
  "prices.remove": () => ({ model: MARK }),
  "sessions.get": ({ session: id }) => ({ id }),
  "sessions.events": ({ session: id }) => ({ id }),
  "sessions.export": ({ session: id }) => ({ id }),
  "sessions.end": ({ session: id }) => ({ id }),
  "sessions.remove": ({ session: id }) => ({ id }),
  "team.changeRole": ({ user: userId }) => ({ userId, role: "viewer" }),
  "team.remove": ({ user: userId }) => ({ userId }),
  "team.revokeInvite": ({ invite: id }) => ({ id }),
  "tools.get": ({ tool: id }) => ({ id }),
  "tools.update": ({ tool: id }) => ({ id, tool }),
  "tools.rotateSecret": ({ tool: id }) => ({ id }),
  "tools.remove": ({ tool: id }) => ({ id }),
  "tools.run": ({ tool: id }) => ({ id, arguments: {} }),
  "webhooks.update": ({ webhook: id }) => ({ ...webhook, id }),
  "webhooks.rotateSecret": ({ webhook: id }) => ({ id }),
  "webhooks.remove": ({ webhook: id }) => ({ id }),
  "webhooks.redeliver": ({ delivery: id }) => ({ id }),
};

/** What shows whatever there is, or filters it. */
const SHOWING: Record<string, (ids: Ids) => unknown> = {
  "agents.list": () => undefined,
  "audit.list": () => ({}),
  "keys.list": () => undefined,
  "limits.list": () => undefined,
  "limits.budgets": () => undefined,
  "mcpServers.list": () => undefined,
  "prices.list": () => undefined,
  "sessions.list": () => ({}),
  "settings.get": () => undefined,
  "team.members": () => undefined,
  "team.invites": () => undefined,
  "tools.list": () => undefined,
  "tools.usage": () => ({}),
  "tools.calls": () => ({ by: "client" }),
  "usage.overview": () => ({}),
  "usage.summary": () => ({ from: "2020-01-01", to: "2099-01-01", by: "model" }),
  "webhooks.list": () => undefined,
  "webhooks.deliveries": ({ webhook: webhookId }) => ({ webhookId }),
};

/** What can name nothing of an organisation: oneself, secrets that were sent, what is made anew, what is the server's. */
const OWN =
  /^(account|door|organisations|playground)\.|^(agents|keys|tools|webhooks)\.create$|^prices\.set$|^team\.(invite|leave)$|^sessions\.live$|^settings\.(setRecording|providers|testProvider)$/;

let db: Database;
let services: SeededServices;
let them: ServiceContext & { user: { id: string; email: string } };
let ids: Ids;
let call: (path: string, input: unknown) => Promise<unknown>;

beforeAll(async () => {
  db = await testDatabase();
  services = seedServices(db);
  them = await seedMember(services);
  ids = await seedOneOfEach(them);
  call = callerOf(await seedMember(services));
}, 120_000);
afterAll(() => db.close());

async function seedOneOfEach(ctx: ServiceContext & { user: { id: string } }): Promise<Ids> {
  const session = `sess_${unique()}`;
  const agent = await createAgent({ ctx, input: { name: MARK, config: {} } });
  const key = await createKey({ ctx, input: { name: MARK, scopes: ["realtime:connect"] } });
  const made = await createWebhook({ ctx, input: { ...webhook, events: [...webhook.events] } });
  await setLimit({ ctx, input: { subject: "key", subjectId: key.id, requestsPerMinute: 7 } });
  const price = { inputText: 1, inputAudio: 1, cached: 1, outputText: 1, outputAudio: 1, minute: 1 };
  await setPrice({ ctx, input: { model: MARK, ...price } });
  await saveBudget({ ctx, input: budget });
  const delivery = newId("delivery");
  const [limit, kept] = await ctx.db.tenant(ctx.org, async (tx) => {
    const now = new Date();
    const facts = { model: MARK, transport: "websocket", status: "live", startedAt: now, seenAt: now } as const;
    await tx.insert(schema.realtimeSessions).values({ id: session, orgId: ctx.org, ...facts });
    const sent = { messageId: MARK, event: "session.ended", payload: {}, status: "failed" } as const;
    const called = { by: "client", name: MARK, outcome: "ok", at: now } as const;
    await tx.insert(schema.toolCalls).values({ sessionId: session, id: MARK, orgId: ctx.org, ...called });
    await tx.insert(schema.webhookDeliveries).values({ id: delivery, orgId: ctx.org, webhookId: made.id, ...sent });
    return [(await tx.select().from(schema.rateLimits))[0], (await tx.select().from(schema.budgets))[0]];
  });
  return {
    agent: agent.id,
    key: key.id,
    tool: (await createTool({ ctx, input: tool })).id,
    mcp: (await createTool({ ctx, input: mcp })).id,
    webhook: made.id,
    invite: (await createInvite({ ctx, input: { role: "viewer", email: `${MARK}@example.com` } })).id,
    user: ctx.user.id,
    budget: kept?.id ?? "",
    limit: limit?.id ?? "",
    session,
    delivery,
  };
}

function callerOf(ctx: ServiceContext & { user: { id: string; email: string } }): typeof call {
  const { user } = ctx;
  const organisation = { id: ctx.org, name: "Ours", role: "owner" } as const;
  const login = { user: { ...user, name: "" }, organisation, organisations: [organisation] };
  const surroundings = { services } as unknown as Surroundings;
  const request = {
    id: "1",
    address: "192.0.2.1",
    origin: "http://localhost",
    fromOurPage: true,
    atThisMachine: false,
  };
  const caller: unknown = createCallerFactory(appRouter)(
    createContext(surroundings, { login, again: async () => login, request }),
  );
  return async (path, input) => {
    let at = caller;
    for (const part of path.split(".")) at = (at as Record<string, unknown>)[part];
    return (at as (given: unknown) => Promise<unknown>)(input);
  };
}

const tables = Object.values(schema)
  .filter((each) => is(each, PgTable))
  .filter((table) => "orgId" in getTableColumns(table));

/** All rows of their organisation, as one text. */
async function theirRows(): Promise<string> {
  return db.system(async (tx) => {
    const rows: unknown[] = [];
    for (const table of tables)
      rows.push(
        await tx
          .select()
          .from(table)
          .where(eq(sql`org_id`, them.org))
          .orderBy(sql`1`, sql`2`),
      );
    return JSON.stringify(rows);
  });
}

const procedures = Object.keys(appRouter._def.procedures);

it("knows of every procedure whether it can name something of an organisation", () => {
  const known = procedures.filter((path) => path in NAMING || path in SHOWING || OWN.test(path));
  expect(known).toEqual(procedures);
  expect(tables.length).toBeGreaterThan(15);
  expect([...Object.keys(NAMING), ...Object.keys(SHOWING)].filter((path) => !procedures.includes(path))).toEqual([]);
});

describe("the owner of another organisation", () => {
  it.each(Object.keys(NAMING))("finds nothing by id, and changes nothing: %s", async (path) => {
    const before = await theirRows();
    expect(before).toContain(MARK);
    await expect(call(path, NAMING[path]?.(ids))).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await theirRows()).toBe(before);
  });

  it.each(Object.keys(SHOWING))("is shown nothing: %s", async (path) => {
    const shown = JSON.stringify((await call(path, SHOWING[path]?.(ids))) ?? null);
    for (const each of [MARK, them.org, ...Object.values(ids)]) expect(shown).not.toContain(each);
  });

  it("would be shown all that, were it theirs", async () => {
    for (const path of ["agents.list", "keys.list", "sessions.list", "tools.list", "webhooks.list", "prices.list"])
      expect(JSON.stringify(await callerOf(them)(path, SHOWING[path]?.(ids)))).toContain(MARK);
  });

  it("has told nobody to end a session or a key", () => {
    expect(services.events.filter(({ type }) => type === "session.end" || type === "key.revoked")).toEqual([]);
  });
});
