/** A real MCP server for tests: the official SDK over HTTP, with tools that are quick, slow, broken and grave. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

export interface TestMcpServer {
  readonly url: string;
  /** Headers of every request so far. */
  readonly requests: readonly IncomingMessage["headers"][];
  /** Ends the call of `slow` that is running. */
  release(): void;
  /** Tools that were called, in order. */
  readonly called: readonly string[];
  /** Cuts every connection; the next ones are served again. */
  cut(): void;
  close(): Promise<void>;
}

export interface TestMcpServerOptions {
  /** `sse`: only the older transport. Default: `streamable`. */
  readonly transport?: "streamable" | "sse";
  /** The key that requests must carry. */
  readonly key?: string;
}

export async function startMcpServer({
  transport = "streamable",
  key,
}: TestMcpServerOptions = {}): Promise<TestMcpServer> {
  const requests: IncomingMessage["headers"][] = [];
  const called: string[] = [];
  const slow = new Set<() => void>();
  const tools = (): McpServer => makeTools(called, slow);
  const serve = transport === "sse" ? serveSse(tools) : serveStreamable(tools);
  const server = createServer((req, res) => {
    requests.push(req.headers);
    if (key !== undefined && req.headers.authorization !== `Bearer ${key}`) return void res.writeHead(401).end();
    serve(req, res).catch(() => res.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    requests,
    called,
    release: () => {
      for (const finish of slow) finish();
      slow.clear();
    },
    cut: () => server.closeAllConnections(),
    close: () => stop(server),
  };
}

type Serve = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

function makeTools(called: string[], slow: Set<() => void>): McpServer {
  const server = new McpServer({ name: "test", version: "1" });
  const say = (text: string) => ({ content: [{ type: "text" as const, text }] });
  const city = { city: z.string() };
  const readOnly = { annotations: { readOnlyHint: true } };
  server.registerTool("weather", { description: "The weather of a city.", inputSchema: city, ...readOnly }, (args) => {
    called.push("weather");
    return say(`Sunny in ${args.city}.`);
  });
  server.registerTool("slow", { description: "Takes its time.", inputSchema: {} }, async () => {
    called.push("slow");
    await new Promise<void>((resolve) => slow.add(resolve));
    return say("At last.");
  });
  server.registerTool("broken", { description: "Fails.", inputSchema: {} }, () => {
    called.push("broken");
    throw new Error("The pump is jammed.");
  });
  server.registerTool("order", { description: "Orders a taxi.", inputSchema: { to: z.string() } }, ({ to }) => {
    called.push("order");
    return say(`A taxi to ${to} is on its way.`);
  });
  server.registerTool("huge", { description: "Says too much.", inputSchema: {} }, () =>
    say("x".repeat(10 * 1024 * 1024)),
  );
  return server;
}

function serveStreamable(tools: () => McpServer): Serve {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (req, res) => {
    const id = req.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (known !== undefined) return known.handleRequest(req, res);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await tools().connect(transport);
    await transport.handleRequest(req, res);
  };
}

function serveSse(tools: () => McpServer): Serve {
  const sessions = new Map<string, SSEServerTransport>();
  return async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://test");
    const known = sessions.get(searchParams.get("sessionId") ?? "");
    if (req.method === "POST" && known !== undefined) return known.handlePostMessage(req, res);
    if (req.method !== "GET" || pathname !== "/mcp") return void res.writeHead(405).end();
    const transport = new SSEServerTransport("/messages", res);
    sessions.set(transport.sessionId, transport);
    await tools().connect(transport);
  };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
