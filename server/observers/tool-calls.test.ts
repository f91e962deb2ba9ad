/** Calls as the recorder writes them down, of every kind of tool, and what the dashboard makes of them. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { toolCalls } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { createLogger } from "../../lib/logger";
import { recordingDefaults } from "../../lib/services/settings/fields";
import { setRecording } from "../../lib/services/settings/set-recording";
import { seedMember, seedServices } from "../../lib/services/testing/seed";
import { listToolCalls } from "../../lib/services/tools/list-calls";
import { getToolUsage } from "../../lib/services/tools/usage";
import { mcpConnector } from "../providers/mcp";
import { startMcpServer, type TestMcpServer } from "../providers/mcp/test-server";
import { textEngine } from "../realtime/conformance/test-support";
import { createTestRealtime, inTurn, type LlmStep } from "../realtime/testing";
import { defineTool } from "../realtime/tools/define-tool";
import { mcpFunctionName } from "../realtime/tools/mcp";
import { createRecorder } from "./recorder";

let town: TestMcpServer;
beforeAll(async () => {
  town = await startMcpServer();
});
afterAll(() => town.close());

const call = (name: string, args: unknown, callId: string): LlmStep => ({
  toolCall: { name, arguments: args, callId },
});
const onTown = (tool: string, args: unknown = {}): LlmStep => call(mcpFunctionName("town", tool), args, `call_${tool}`);
/** The first call loads the SDK, which takes its time on a busy machine. */
const patient = { timeoutMs: 20_000 };
const tools = [
  defineTool({ name: "add", parameters: z.object({ a: z.number() }), execute: ({ a }) => a + 1 }),
  defineTool({ name: "fails", execute: () => Promise.reject(new Error("No.")) }),
  defineTool({ name: "hangs", execute: () => new Promise(() => undefined) }),
];

describeDatabase("calls of tools", (db) => {
  /** One session in which all kinds are called; what they came to, by name. */
  async function record(tenant: string) {
    const recorder = await createRecorder({
      db: db(),
      log: createLogger({ level: "silent" }),
      spoolFolder: mkdtempSync(join(tmpdir(), "antiphon-spool-")),
      everyMs: 1e9,
    });
    const first = [
      call("add", { a: 1 }, "c1"),
      call("fails", {}, "c2"),
      call("add", {}, "c3"),
      call("hangs", {}, "c4"),
    ];
    const mine = [call("lamp", { on: true }, "c5"), call("lamp", { on: false }, "c6")];
    const asked = [
      onTown("weather", { city: "Oslo" }),
      onTown("broken"),
      onTown("weather"),
      onTown("order", { to: "the station" }),
    ];
    const realtime = createTestRealtime({
      engine: textEngine({ reply: inTurn(mine, asked, first) }),
      authenticate: () => ({ tenant }),
      observers: [recorder],
      tools,
      mcp: { connect: mcpConnector() },
    });
    const { client } = realtime;
    const send = (event: object): void => client.sendRaw(JSON.stringify(event));
    const { session } = await client.next("session.created", patient);
    send({
      type: "session.update",
      session: {
        type: "realtime",
        output_modalities: ["text"],
        tools: [
          { type: "function", name: "lamp" },
          {
            type: "mcp",
            server_label: "town",
            server_url: town.url,
            require_approval: { always: { tool_names: ["order"] } },
          },
        ],
      },
    });
    await client.next("mcp_list_tools.completed", patient);
    const respond = async () => {
      send({ type: "response.create" });
      return (await client.next("response.done", patient)).response.output;
    };
    await respond();
    send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: "c5", output: "ok" } });
    const request = (await respond()).find(({ type }) => type === "mcp_approval_request");
    const answer = { type: "mcp_approval_response", approval_request_id: request?.id, approve: false };
    send({ type: "conversation.item.create", item: answer });
    await expect
      .poll(() => client.events.filter(({ type }) => type.startsWith("response.mcp_call.")).length, { timeout: 20_000 })
      .toBe(6);
    await respond();
    await expect.poll(() => client.events.filter((event) => isOutput(event)).length, { timeout: 20_000 }).toBe(4);
    await realtime.close();
    await recorder.close();
    return String(session.id);
  }

  it("are written down with what came of them and how long it took", async () => {
    const ctx = await seedMember(seedServices(db()));
    const sessionId = await record(ctx.org);
    const rows = await db().tenant(ctx.org, (tx) => tx.select().from(toolCalls));
    const told = rows.map(({ by, server, name, outcome, durationMs }) => [
      by,
      server,
      name,
      outcome,
      durationMs !== null,
    ]);
    expect(told.sort()).toEqual(
      [
        ["client", "", "lamp", "ok", true],
        ["client", "", "lamp", "unanswered", false],
        ["server", "", "add", "ok", true],
        ["server", "", "add", "arguments", false],
        ["server", "", "fails", "threw", true],
        ["server", "", "hangs", "cancelled", false],
        ["mcp", "town", "weather", "ok", true],
        ["mcp", "town", "weather", "arguments", false],
        ["mcp", "town", "broken", "threw", true],
        ["mcp", "town", "order", "denied", false],
      ].sort(),
    );
    const usage = await getToolUsage({ ctx, input: {} });
    const of = (name: string) => usage.find((row) => row.name === name);
    expect(of("add")).toMatchObject({ by: "server", calls: 2, failures: 1, p50Ms: expect.any(Number) });
    expect(of("lamp")).toMatchObject({ by: "client", calls: 2, failures: 1 });
    expect(of("hangs")).toMatchObject({ calls: 1, failures: 0, p50Ms: null, p95Ms: null });
    const perServer = await getToolUsage({ ctx, input: { days: 30, per: "server" } });
    expect(perServer).toMatchObject([{ by: "mcp", server: "town", calls: 4, failures: 2 }]);
    const latest = await listToolCalls({ ctx, input: { by: "mcp", server: "town", name: "broken" } });
    expect(latest).toMatchObject([
      { sessionId, outcome: "threw", problem: "The pump is jammed.", at: expect.any(Date) },
    ]);

    const stranger = await seedMember(seedServices(db()));
    expect(await getToolUsage({ ctx: stranger, input: {} })).toEqual([]);
    expect(await listToolCalls({ ctx: stranger, input: { by: "mcp", server: "town" } })).toEqual([]);
  });

  it("are counted without words where an organisation wants none kept", async () => {
    const ctx = await seedMember(seedServices(db()));
    await setRecording({ ctx, input: { ...recordingDefaults, recordTranscripts: false } });
    await record(ctx.org);
    const rows = await db().tenant(ctx.org, (tx) => tx.select().from(toolCalls));
    expect(rows).toHaveLength(10);
    expect(rows.map(({ problem }) => problem).filter(Boolean)).toEqual([]);
  });
});

function isOutput(event: { readonly type: string }): boolean {
  return event.type === "conversation.item.added" && JSON.stringify(event).includes('"function_call_output"');
}
