import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { McpFailure, type McpConnect, type McpConnection, type McpServer } from "../../realtime/tools/mcp";
import { toMcpFailure } from "./failures";
import { textOf } from "./results";
import { loadSdk, type McpSdk } from "./sdk";

export interface McpConnectorOptions {
  /**
   * Makes all requests. Give one that refuses private addresses when the URLs come from strangers. Default: the global
   * `fetch`.
   */
  readonly fetch?: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** How this client introduces itself. Default: `antiphon`. */
  readonly clientName?: string;
}

/** Pages of a server's list of tools that are read; the rest is left out. */
const MAX_PAGES = 20;
/** The session bounds each request itself, and sooner. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Speaks streamable HTTP, and the older HTTP with SSE to servers that know no other. */
export function mcpConnector(options: McpConnectorOptions = {}): McpConnect {
  return async (server, signal) => {
    const sdk = await loadSdk();
    try {
      return connectionOf(sdk, await connect(sdk, { server, options, signal }));
    } catch (error) {
      throw toMcpFailure(sdk, error);
    }
  };
}

interface Dial {
  readonly server: McpServer;
  readonly options: McpConnectorOptions;
  readonly signal: AbortSignal;
}

async function connect(sdk: McpSdk, dial: Dial): Promise<Client> {
  const url = new URL(dial.server.url);
  const { fetch } = dial.options;
  const { transport = "auto" } = dial.server;
  const settings = { requestInit: { headers: headersOf(dial.server) }, ...(fetch !== undefined && { fetch }) };
  const older = (): Promise<Client> => open(sdk, new sdk.SSEClientTransport(url, settings), dial);
  if (transport === "sse") return older();
  try {
    return await open(sdk, new sdk.StreamableHTTPClientTransport(url, settings), dial);
  } catch (error) {
    if (transport === "streamable" || !knowsNoStreaming(sdk, error)) throw error;
    return older();
  }
}

/** As the specification has it: a client error other than a refused key means that the server is of the older kind. */
function knowsNoStreaming(sdk: McpSdk, error: unknown): boolean {
  if (!(error instanceof sdk.StreamableHTTPError) || error.code === undefined) return false;
  return error.code >= 400 && error.code < 500 && ![401, 403, 429].includes(error.code);
}

async function open(sdk: McpSdk, transport: Transport, { options, signal }: Dial): Promise<Client> {
  const client = new sdk.Client(
    { name: options.clientName ?? "antiphon", version: "1" },
    {
      jsonSchemaValidator: {
        getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
      },
    },
  );
  try {
    await client.connect(transport, { signal, timeout: REQUEST_TIMEOUT_MS });
    return client;
  } catch (error) {
    await client.close().catch(() => undefined);
    throw error;
  }
}

function headersOf({ headers, authorization }: McpServer): Record<string, string> {
  return { ...headers, ...(authorization !== undefined && { authorization: `Bearer ${authorization}` }) };
}

function connectionOf(sdk: McpSdk, client: Client): McpConnection {
  return {
    listTools: async (signal) => {
      try {
        return await listAll(client, signal);
      } catch (error) {
        throw toMcpFailure(sdk, error);
      }
    },
    callTool: async (name, args, signal) => {
      try {
        const result = await client.callTool({ name, arguments: args }, undefined, {
          signal,
          timeout: REQUEST_TIMEOUT_MS,
        });
        const text = textOf(result);
        if (result.isError === true) throw new McpFailure("tool_execution_error", text || "The tool failed.");
        return text;
      } catch (error) {
        throw toMcpFailure(sdk, error);
      }
    },
    close: () => client.close().catch(() => undefined),
  };
}

async function listAll(client: Client, signal: AbortSignal) {
  const tools = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const list = await client.listTools({ cursor }, { signal, timeout: REQUEST_TIMEOUT_MS });
    tools.push(
      ...list.tools.map(({ name, description, inputSchema, annotations }) => ({
        name,
        description,
        inputSchema,
        ...(annotations !== undefined && { annotations }),
      })),
    );
    cursor = list.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
