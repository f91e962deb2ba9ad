import { afterEach, describe, expect, it } from "vitest";
import { parseOutboundAllow } from "../../../lib/outbound-allow";
import { createOutbound } from "../../net/outbound";
import type { McpServer } from "../../realtime/tools/mcp";
import { mcpConnector } from "./connector";
import { startMcpServer } from "./test-server";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const signal = new AbortController().signal;

function at(url: string, more: Partial<McpServer> = {}): McpServer {
  return { label: "town", url, authorization: undefined, headers: {}, ...more };
}

function guarded(allowed: string) {
  const outbound = createOutbound({ allow: parseOutboundAllow(allowed, () => undefined), timeoutMs: Infinity });
  closers.push(() => outbound.close());
  return mcpConnector({ fetch: outbound.fetch });
}

describe("mcpConnector", () => {
  it.each(["streamable", "sse"] as const)("lists and calls over %s, through the outbound guard", async (transport) => {
    const town = await startMcpServer({ transport, key: "k" });
    closers.push(() => town.close());
    const connection = await guarded("127.0.0.1")(at(town.url, { authorization: "k" }), signal);
    closers.push(() => connection.close());
    expect((await connection.listTools(signal)).map(({ name }) => name)).toContain("weather");
    expect(await connection.callTool("weather", { city: "Oslo" }, signal)).toBe("Sunny in Oslo.");
  });

  it("does not call a private address", async () => {
    const town = await startMcpServer();
    closers.push(() => town.close());
    await expect(guarded("")(at(town.url), signal)).rejects.toMatchObject({
      kind: "http_error",
      message: expect.stringContaining("private network"),
    });
    expect(town.requests).toEqual([]);
  });

  it("tells a refused key, a server that is no MCP server, and one that is not there", async () => {
    const town = await startMcpServer({ key: "k" });
    const connect = guarded("127.0.0.1");
    await expect(connect(at(town.url), signal)).rejects.toMatchObject({ kind: "http_error", code: 401 });
    await town.close();
    await expect(connect(at(town.url), signal)).rejects.toMatchObject({ kind: "http_error" });
  });

  it("tells an unknown tool and a failing one apart from a failing server", async () => {
    const town = await startMcpServer();
    closers.push(() => town.close());
    const connection = await guarded("127.0.0.1")(at(town.url), signal);
    closers.push(() => connection.close());
    await expect(connection.callTool("broken", {}, signal)).rejects.toMatchObject({
      kind: "tool_execution_error",
      message: "The pump is jammed.",
    });
    await expect(connection.callTool("nobody", {}, signal)).rejects.toMatchObject({ name: "McpFailure" });
  });
});
