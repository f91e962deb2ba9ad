/** Tools of the dashboard against what they call: a real MCP server and real webhooks on this machine. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createOutbound } from "../../../server/net/outbound";
import { mcpConnector } from "../../../server/providers/mcp";
import { startMcpServer, type TestMcpServer } from "../../../server/providers/mcp/test-server";
import { createToolRunner } from "../../../server/tools/runner";
import { readEnv } from "../../env";
import { createSealer } from "../../seal";
import { mcpListings, tools as toolTable } from "../../db/schema/index";
import { describeDatabase } from "../../db/testing/database";
import { listAudit } from "../audit/list";
import type { ServiceContext } from "../context";
import { getMcpServer } from "../mcp-servers/get";
import { listMcpServers } from "../mcp-servers/list";
import { listMcpTools } from "../mcp-servers/list-tools";
import { runMcpTool } from "../mcp-servers/run-tool";
import { seedMember, seedServices } from "../testing/seed";
import { createTool } from "./create";
import { mcpServerForSession } from "./for-session";
import { getTool } from "./get";
import { listTools } from "./list";
import { runTool } from "./run";
import { updateTool } from "./update";

const TOKEN = "token-of-the-town";
const answers: Record<string, (res: ServerResponse) => unknown> = {
  "/book": (res) => res.setHeader("content-type", "application/json").end('{"table":7}'),
  "/full": (res) => res.writeHead(409).end("full"),
  "/away": (res) => res.writeHead(302, { location: "http://10.0.0.1/" }).end(),
  "/huge": (res) => res.end("x".repeat(200_000)),
  "/mute": () => undefined,
};
const asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
const hook = createServer((req, res) => {
  void req.toArray().then((chunks) => {
    asked.push({ headers: req.headers, body: Buffer.concat(chunks as Buffer[]).toString() });
    (answers[req.url ?? ""] ?? ((other: ServerResponse) => other.writeHead(404).end()))(res);
  });
});
const { outboundAllow: allow } = readEnv({ OUTBOUND_ALLOW: "127.0.0.1" });
const outbound = createOutbound({ allow, maxBytes: 64 * 1024 * 1024 });
const shut = createOutbound();
let town: TestMcpServer;
let base = "";
beforeAll(async () => {
  hook.listen(0, "127.0.0.1");
  await once(hook, "listening");
  base = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  town = await startMcpServer({ key: TOKEN });
});
afterAll(async () => {
  hook.closeAllConnections();
  hook.close();
  await town.close();
  await outbound.close();
  await shut.close();
});

const parameters = {
  type: "object",
  properties: {
    seats: { type: "integer", minimum: 1 },
    at: { type: "object", properties: { day: { type: "string" } } },
  },
  required: ["seats"],
};

describeDatabase("tools", (db) => {
  const seeded = (through = outbound, limits: { callTimeoutMs?: number } = {}) =>
    seedServices(db(), {
      outbound: { fetch: (url, init) => through.fetch(url, init), check: (url) => through.check(url) },
      tools: createToolRunner({ fetch: through.fetch, connect: mcpConnector({ fetch: through.fetch }), ...limits }),
    });
  const member = (through?: typeof outbound) => seedMember(seeded(through), { role: "developer" });
  const webhook = async (ctx: ServiceContext, path: string, config: object = {}) => {
    const input = { kind: "webhook", name: "book", parameters, config: { url: base + path, ...config } } as const;
    return (await createTool({ ctx, input })).id;
  };
  const townIn = async (ctx: ServiceContext, config: object = {}, token: string | undefined = TOKEN) => {
    const input = { kind: "mcp", name: "town", config: { url: town.url, ...config }, token } as const;
    return (await createTool({ ctx, input })).id;
  };

  it("a webhook is called as a session would: signed, with its headers, and what it answered is shown", async () => {
    const ctx = await member();
    const id = await webhook(ctx, "/book", { headers: { "x-key": "secret-of-the-hook" } });
    const { sample } = await getTool({ ctx, input: { id } });
    expect(sample).toEqual({ seats: 1, at: { day: "example" } });
    const trial = await runTool({ ctx, input: { id, arguments: sample } });
    expect(trial).toMatchObject({ ok: true, status: 200, output: '{"table":7}', durationMs: expect.any(Number) });
    const { headers, body } = asked.at(-1) ?? { headers: {}, body: "{}" };
    expect(headers).toMatchObject({
      "x-key": "secret-of-the-hook",
      "webhook-signature": expect.stringMatching(/^v1,/),
    });
    expect(JSON.parse(body)).toMatchObject({ data: { tool: "book", arguments: sample, session_id: "trial" } });
    const [row] = (await listAudit({ ctx: await auditor(ctx), input: {} })).items;
    expect(row).toMatchObject({ action: "tools.run", targetId: id });
  });

  it.each([
    ["/full", {}, { status: 409, problem: "answer", output: "The tool's server answered 409." }],
    ["/away", {}, { problem: "redirect" }],
    ["/huge", {}, { status: 200, problem: "too_large" }],
    ["/mute", { timeoutMs: 200 }, { problem: "timeout", output: "The tool gave no answer within 200 ms." }],
  ])("a webhook that fails says how: %s", async (path, config, told) => {
    const ctx = await member();
    const trial = await runTool({ ctx, input: { id: await webhook(ctx, path, config), arguments: { seats: 2 } } });
    expect(trial).toMatchObject({ ok: false, ...told });
  });

  it("arguments are held against the schema first, and what is wrong is said at its field", async () => {
    const ctx = await member();
    const id = await webhook(ctx, "/book");
    const before = asked.length;
    const run = (args: Record<string, unknown>) => runTool({ ctx, input: { id, arguments: args } });
    await expect(run({})).rejects.toMatchObject({ code: "invalid", field: "arguments.seats" });
    await expect(run({ seats: 0 })).rejects.toMatchObject({ field: "arguments.seats", message: "seats must be >= 1" });
    await expect(run({ seats: 1, at: { day: 1 } })).rejects.toMatchObject({ field: "arguments.at.day" });
    expect(asked).toHaveLength(before);
    const client = await createTool({ ctx, input: { kind: "client", name: "lamp", parameters } });
    await expect(runTool({ ctx, input: { id: client.id, arguments: { seats: 1 } } })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("addresses inside are refused when they are entered, and again when they are called", async () => {
    const ctx = await member();
    const id = await webhook(ctx, "/book");
    const server = await townIn(ctx);
    const closed: ServiceContext = { ...ctx, ...seeded(shut) };
    await expect(webhook(closed, "/other")).rejects.toMatchObject({ field: "config.url" });
    expect(await runTool({ ctx: closed, input: { id, arguments: { seats: 1 } } })).toMatchObject({
      ok: false,
      problem: "refused",
      output: expect.stringContaining("OUTBOUND_ALLOW"),
    });
    expect(await listMcpTools({ ctx: closed, input: { id: server } })).toEqual({
      ok: false,
      problem: expect.stringContaining("OUTBOUND_ALLOW"),
    });
  });

  it("an MCP server lists its tools, keeps the list when it fails, and one of them is called", async () => {
    const ctx = await member();
    const approval = { never: { read_only: true } };
    const id = await townIn(ctx, { allowedTools: ["weather", "order", "slow"], approval });
    expect(await getMcpServer({ ctx, input: { id } })).toMatchObject({ health: null, tools: null, hasSecret: true });
    expect(await listMcpTools({ ctx, input: { id } })).toEqual({ ok: true, tools: 5 });
    const server = await getMcpServer({ ctx, input: { id } });
    expect(server.health).toMatchObject({ problem: null, toolCount: 5, listedAt: expect.any(Date) });
    expect(server.tools?.map(({ name, allowed, approval: asks }) => [name, allowed, asks])).toEqual([
      ["weather", true, false],
      ["slow", true, true],
      ["broken", false, true],
      ["order", true, true],
      ["huge", false, true],
    ]);
    expect(server.tools?.[0]).toMatchObject({ description: "The weather of a city.", sample: { city: "example" } });
    const call = (name: string, args = {}) => runMcpTool({ ctx, input: { id, name, arguments: args } });
    expect(await call("weather", { city: "Oslo" })).toMatchObject({ ok: true, output: "Sunny in Oslo." });
    expect(await call("broken")).toMatchObject({
      ok: false,
      problem: "tool_execution_error",
      output: "The pump is jammed.",
    });
    const hasty: ServiceContext = { ...ctx, ...seeded(outbound, { callTimeoutMs: 100 }) };
    const slow = await runMcpTool({ ctx: hasty, input: { id, name: "slow", arguments: {} } });
    expect(slow).toMatchObject({ ok: false, problem: "timeout" });
    expect(await call("huge")).toMatchObject({ ok: false, problem: "too_large" });
    town.release();
    await expect(call("weather")).rejects.toMatchObject({ field: "arguments.city" });
    await expect(call("nothing")).rejects.toMatchObject({ field: "name" });

    await updateTool({
      ctx,
      input: { id, tool: { kind: "mcp", name: "town", config: { url: town.url }, token: "wrong" } },
    });
    expect(await listMcpTools({ ctx, input: { id } })).toMatchObject({
      ok: false,
      problem: expect.stringContaining("401"),
    });
    const [listed] = await listMcpServers({ ctx, input: undefined });
    expect(listed?.health).toMatchObject({ toolCount: 5, problem: expect.stringContaining("refused the key") });
  });

  it("a server of the older transport is reached when it is said to be one", async () => {
    const ctx = await member();
    const older = await startMcpServer({ transport: "sse" });
    const id = await townIn(ctx, { url: older.url, transport: "sse" });
    expect(await listMcpTools({ ctx, input: { id } })).toEqual({ ok: true, tools: 5 });
    const wrong = { kind: "mcp", name: "town", config: { url: older.url, transport: "streamable" } } as const;
    await updateTool({ ctx, input: { id, tool: wrong } });
    expect(await listMcpTools({ ctx, input: { id } })).toMatchObject({ ok: false });
    await older.close();
  });

  it("secrets are never shown again, stay as they are when left out, and do not follow to another host", async () => {
    const ctx = await member();
    const id = await townIn(ctx, { headers: { "x-tenant": "secret-of-the-tenant" } });
    const shown = JSON.stringify([
      await listMcpServers({ ctx, input: undefined }),
      await getMcpServer({ ctx, input: { id } }),
      await listTools({ ctx, input: undefined }),
      await db().tenant(ctx.org, (tx) => tx.select().from(toolTable)),
    ]);
    expect(shown).not.toMatch(/secret-of-the-tenant|token-of-the-town/);
    expect(shown).toContain('"headerNames":["x-tenant"]');

    const save = (config: object, token?: string | null) =>
      updateTool({
        ctx,
        input: {
          id,
          tool: {
            kind: "mcp",
            name: "town",
            config: { url: town.url, ...config },
            ...(token !== undefined && { token }),
          },
        },
      });
    const kept = () => mcpServerForSession(ctx, ctx.org, "town");
    await save({ headers: { "x-tenant": null, "x-more": "more" } });
    expect(await kept()).toMatchObject({
      secret: TOKEN,
      headers: { "x-tenant": "secret-of-the-tenant", "x-more": "more" },
    });
    await save({});
    expect(await kept()).toMatchObject({ headers: { "x-tenant": "secret-of-the-tenant", "x-more": "more" } });
    await expect(save({ headers: { "x-new": null } })).rejects.toMatchObject({ field: "config.headers.x-new" });
    await expect(save({ headers: { "x-new": "two\r\nlines: 1" } })).rejects.toMatchObject({ code: "invalid" });
    const elsewhere = "http://127.0.0.1:1/mcp";
    await expect(save({ url: elsewhere })).rejects.toMatchObject({ field: "config.headers.x-tenant" });
    await expect(save({ url: elsewhere, headers: {} })).rejects.toMatchObject({ field: "token" });
    await save({ url: elsewhere, headers: {} }, null);
    expect(await kept()).toMatchObject({ secret: undefined, headers: {} });
  });

  it("rows from before headers were sealed still send them, and seal them when they are saved", async () => {
    const ctx = await member();
    const id = await townIn(ctx);
    const config = { url: town.url, allowedTools: null, approval: "always", headers: { "x-old": "old" } };
    await db().tenant(ctx.org, (tx) => tx.update(toolTable).set({ config }).where(eq(toolTable.id, id)));
    expect(await mcpServerForSession(ctx, ctx.org, "town")).toMatchObject({ headers: { "x-old": "old" } });
    expect((await getMcpServer({ ctx, input: { id } })).config).toMatchObject({ headerNames: ["x-old"] });
    await updateTool({ ctx, input: { id, tool: { kind: "mcp", name: "town", config: { url: town.url } } } });
    expect(await mcpServerForSession(ctx, ctx.org, "town")).toMatchObject({ headers: { "x-old": "old" } });
    const [row] = await db().tenant(ctx.org, (tx) => tx.select().from(toolTable).where(eq(toolTable.id, id)));
    expect(JSON.stringify(row)).not.toContain('"old"');
  });

  it("nothing that waits for the network holds the database, which others need meanwhile", async () => {
    const others = async (): Promise<void> => {
      await db().system((tx) => tx.select().from(toolTable).limit(1));
    };
    const services = seeded();
    const ctx = await seedMember({
      ...services,
      outbound: { ...services.outbound, check: others },
      tools: {
        ...services.tools,
        callWebhook: (tool, args) => others().then(() => services.tools.callWebhook(tool, args)),
        listMcpTools: (server) => others().then(() => services.tools.listMcpTools(server)),
      },
    });
    const id = await webhook(ctx, "/book");
    expect(await runTool({ ctx, input: { id, arguments: { seats: 1 } } })).toMatchObject({ ok: true });
    expect(await listMcpTools({ ctx, input: { id: await townIn(ctx) } })).toMatchObject({ ok: true });
  });

  it("secrets that were sealed under another key are asked for again", async () => {
    const ctx = await member();
    const id = await townIn(ctx);
    const moved: ServiceContext = { ...ctx, seal: createSealer("another secret of the tests") };
    await expect(listMcpTools({ ctx: moved, input: { id } })).rejects.toMatchObject({ code: "conflict" });
    await updateTool({
      ctx: moved,
      input: { id, tool: { kind: "mcp", name: "town", config: { url: town.url, headers: {} }, token: TOKEN } },
    });
    expect(await listMcpTools({ ctx: moved, input: { id } })).toMatchObject({ ok: true });
  });

  it("trying is for those who may change tools, of their own organisation, and not without end", async () => {
    const ctx = await member();
    const id = await townIn(ctx);
    const viewer = await seedMember(ctx, { role: "viewer", org: ctx.org });
    await expect(listMcpTools({ ctx: viewer, input: { id } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(runTool({ ctx: viewer, input: { id, arguments: {} } })).rejects.toMatchObject({ code: "forbidden" });
    expect(await listMcpServers({ ctx: viewer, input: undefined })).toHaveLength(1);
    const stranger = await member();
    await expect(listMcpTools({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: "not_found" });
    await expect(getMcpServer({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: "not_found" });
    expect(await db().tenant(stranger.org, (tx) => tx.select().from(mcpListings))).toEqual([]);
    const hookId = await webhook(ctx, "/book");
    const run = () => runTool({ ctx, input: { id: hookId, arguments: { seats: 1 } } });
    for (let n = 0; n < 30; n += 1) await run();
    await expect(run()).rejects.toMatchObject({ code: "rate_limited" });
    await expect(listMcpTools({ ctx, input: { id } })).rejects.toMatchObject({ code: "rate_limited" });
  });

  const auditor = (ctx: ServiceContext) => seedMember(ctx, { role: "admin", org: ctx.org });
});
