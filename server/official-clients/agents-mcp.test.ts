/** `@openai/agents-realtime` with tools on an MCP server: its own approval flow, and its own way of going on. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostedMcpTool } from "@openai/agents-core";
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, type RealtimeItem } from "@openai/agents-realtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { mcpConnector } from "../providers/mcp";
import { startMcpServer } from "../providers/mcp/test-server";
import { apiKeys, createRealtimeHandler } from "../realtime";
import { scriptedEngine } from "../realtime/conformance/test-support";
import { inTurn } from "../realtime/testing";
import { mcpFunctionName } from "../realtime/tools/mcp";

const KEY = "sk-test";

const call = (tool: string, args: object) => ({ toolCall: { name: mcpFunctionName("town", tool), arguments: args } });
const textOf = (item: RealtimeItem): string =>
  item.type === "message"
    ? item.content.map((part) => ("text" in part ? part.text : "transcript" in part ? part.transcript : "")).join("")
    : "";

async function connect(
  reply: Parameters<typeof scriptedEngine>[0]["reply"],
  { requireApproval = "never" as "always" | "never", tools: expected = 5, key = undefined as string | undefined } = {},
) {
  const town = await startMcpServer({ key });
  const realtime = createRealtimeHandler({
    engine: scriptedEngine({ reply }),
    authenticate: apiKeys([KEY]),
    validateEvents: "throw",
    mcp: { connect: mcpConnector() },
  });
  const server = createServer(realtime.middleware);
  realtime.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime?model=gpt-realtime`;
  const tools = [
    hostedMcpTool({ serverLabel: "town", serverUrl: town.url, requireApproval } as Parameters<typeof hostedMcpTool>[0]),
  ];
  const agent = new RealtimeAgent({ name: "Clerk", instructions: "Use tools.", tools });
  const session = new RealtimeSession(agent, {
    transport: new OpenAIRealtimeWebSocket({ url }),
    model: "gpt-realtime",
  });
  const errors: unknown[] = [];
  const events: string[] = [];
  session.on("error", (error) => errors.push(error));
  session.transport.on("*", (event: { type: string }) => events.push(event.type));
  onTestFinished(async () => {
    session.close();
    await realtime.close({ drainMs: 1 });
    server.close();
    await town.close();
  });
  await session.connect({ apiKey: KEY });
  await expect.poll(() => session.availableMcpTools.length, { timeout: 5_000 }).toBe(expected);
  return { session, errors, events, town };
}

describe("@openai/agents-realtime with hosted MCP tools", () => {
  it("calls without approval, and goes on by itself", async () => {
    const reply = inTurn([call("weather", { city: "Oslo" })], "It is sunny.");
    const { session, errors, events } = await connect(reply);
    session.sendMessage("How is the weather in Oslo?");
    await expect.poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 }).toBe("It is sunny.");
    expect(session.history.find((item) => item.type === "mcp_call")).toMatchObject({
      name: "weather",
      status: "completed",
      output: "Sunny in Oslo.",
    });
    for (const type of [
      "mcp_list_tools.in_progress",
      "mcp_list_tools.completed",
      "response.mcp_call_arguments.delta",
      "response.mcp_call_arguments.done",
      "response.mcp_call.in_progress",
      "response.mcp_call.completed",
    ])
      expect(events).toContain(type);
    expect(errors).toEqual([]);
  });

  it("is told of a call that failed, and goes on with what it was told", async () => {
    const reply = inTurn([call("broken", {})], "The pump is jammed, I hear.");
    const { session, errors, events } = await connect(reply);
    session.sendMessage("Start the pump.");
    await expect.poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 }).toMatch(/jammed, I hear/);
    expect(events).toContain("response.mcp_call.failed");
    expect(errors).toEqual([]);
  });

  it("is told of a server that lets nobody in, and talks on without it", async () => {
    const { session, errors, events } = await connect("Without tools, then.", { tools: 0, key: "another" });
    await expect.poll(() => events, { timeout: 10_000 }).toContain("mcp_list_tools.failed");
    session.sendMessage("Hello.");
    await expect.poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 }).toBe("Without tools, then.");
    expect(errors).toHaveLength(1);
  });

  it.each([true, false])("asks a person, who says %s", async (approve) => {
    const reply = inTurn([call("order", { to: "the station" })], approve ? "It comes." : "As you wish.");
    const { session, errors, town } = await connect(reply, { requireApproval: "always" });
    session.on("tool_approval_requested", (_context, _agent, request) => {
      if (request.type !== "mcp_approval_request") return;
      void (approve ? session.approve(request.approvalItem) : session.reject(request.approvalItem));
    });
    session.sendMessage("A taxi to the station, please.");
    await expect
      .poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 })
      .toBe(approve ? "It comes." : "As you wish.");
    expect(town.called).toEqual(approve ? ["order"] : []);
    expect(errors).toEqual([]);
  });
});
