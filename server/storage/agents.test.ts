import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readEnv } from "../../lib/env";
import { createLogger } from "../../lib/logger";
import { createAgent } from "../../lib/services/agents/create";
import { saveAgent } from "../../lib/services/agents/save";
import { createTool } from "../../lib/services/tools/create";
import type { ServiceContext } from "../../lib/services/context";
import { createOutbound } from "../net/outbound";
import { mcpConnector } from "../providers/mcp";
import { startMcpServer } from "../providers/mcp/test-server";
import { createTestRealtime, inTurn } from "../realtime/testing";
import { textEngine } from "../realtime/conformance/test-support";
import { databaseMcpServers } from "./agents";
import { openStorage } from "./storage";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("agents of the dashboard", () => {
  it("are what a session gets: words, voice, a webhook, an MCP server and a handoff", { timeout: 60_000 }, async () => {
    const calls: string[] = [];
    const hook = createServer((req, res) => {
      calls.push(String(req.headers["webhook-signature"]));
      res.setHeader("content-type", "application/json").end('{"table":7}');
    }).listen(0, "127.0.0.1");
    await once(hook, "listening");
    closers.push(() => hook.close());
    const town = await startMcpServer({ key: "token-of-the-town" });
    closers.push(() => town.close());
    const env = readEnv({ DATA_DIR: mkdtempSync(join(tmpdir(), "antiphon-agents-")), OUTBOUND_ALLOW: "127.0.0.1" });
    const outbound = createOutbound({ allow: env.outboundAllow });
    closers.push(() => outbound.close());
    const storage = await openStorage({ env, log: createLogger({ level: "silent" }), outbound });
    closers.push(() => storage.close());
    const scopes = new Set(["agents:read", "agents:write", "tools:read", "tools:write"] as const);
    const ctx: ServiceContext = {
      ...storage.services,
      org: storage.firstOrg,
      actor: { type: "system", name: "test" },
      role: "owner",
      scopes,
    };
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const webhook = await createTool({
      ctx,
      input: { kind: "webhook", name: "book", parameters: { type: "object", properties: {} }, config: { url } },
    });
    const server = await createTool({
      ctx,
      input: { kind: "mcp", name: "town", config: { url: town.url, approval: "never" }, token: "token-of-the-town" },
    });
    const kitchen = await createAgent({ ctx, input: { name: "The Kitchen!", config: { instructions: "Cook." } } });
    const desk = await createAgent({
      ctx,
      input: {
        name: "Desk",
        config: {
          instructions: "Desk of {{hotel}} in {{city}}.",
          modality: "text",
          variables: { city: "Paris" },
          tools: [webhook.id, server.id],
          handoffs: [kitchen.id],
        },
      },
    });
    const booking = { toolCall: { name: "book", arguments: {} } };
    const engine = textEngine({ reply: inTurn([booking], "Table 7.", [booking], "Again.") });
    const realtime = createTestRealtime({
      engine,
      authenticate: () => ({ tenant: storage.firstOrg }),
      ...storage.options,
      observers: [],
      mcp: { connect: mcpConnector({ fetch: outbound.fetch }), lookup: databaseMcpServers(storage.services) },
    });
    closers.push(() => realtime.close());
    const { client } = realtime;
    const send = (event: object): void => client.sendRaw(JSON.stringify(event));
    await client.next("session.created");
    send({
      type: "session.update",
      session: { type: "realtime", prompt: { id: desk.id, version: "1", variables: { hotel: "the Ritz" } } },
    });
    const { session } = await client.next("session.updated");
    expect(session).toMatchObject({
      instructions: "Desk of the Ritz in Paris.",
      output_modalities: ["text"],
      tools: [{ type: "mcp", server_label: "town", require_approval: "never" }],
    });
    expect(JSON.stringify(session)).not.toContain("token-of-the-town");
    await client.next("mcp_list_tools.completed", { timeoutMs: 20_000 });
    send({ type: "response.create" });
    expect((await client.next("response.output_text.done", { timeoutMs: 20_000 })).text).toBe("Table 7.");
    expect(calls).toEqual([expect.stringMatching(/^v1,/)]);
    const error = async (prompt: object) => {
      send({ type: "session.update", session: { type: "realtime", prompt } });
      return (await client.next("error")).error.param;
    };
    expect(await error({ id: "agent_none" })).toBe("session.prompt.id");
    expect(await error({ id: desk.id, version: "9", variables: { hotel: "x" } })).toBe("session.prompt.id");
    await saveAgent({
      ctx,
      input: { id: desk.id, name: "Desk", config: { instructions: "Second.", modality: "text" } },
    });
    send({ type: "session.update", session: { type: "realtime", prompt: { id: desk.id } } });
    expect((await client.next("session.updated")).session).toMatchObject({ instructions: "Second.", tools: [] });

    // Tools alone, without an agent.
    const both = `${webhook.id},${server.id}`;
    send({ type: "session.update", session: { type: "realtime", prompt: { id: both } } });
    expect((await client.next("session.updated")).session).toMatchObject({
      instructions: "Second.",
      prompt: { id: both },
      tools: [{ type: "mcp", server_label: "town" }],
    });
    send({ type: "response.create" });
    expect((await client.next("response.output_text.done", { timeoutMs: 20_000 })).text).toBe("Again.");
    expect(calls).toHaveLength(2);
    expect(await error({ id: `${webhook.id},tool_none` })).toBe("session.prompt.id");
    expect(await error({ id: webhook.id, version: "1" })).toBe("session.prompt.id");
  });
});
