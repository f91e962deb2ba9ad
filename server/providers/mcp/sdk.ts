/** The official SDK, loaded when the first server is called: whoever needs no MCP need not install it. */
import { McpFailure } from "../../realtime/tools/mcp";

export type McpSdk = Awaited<ReturnType<typeof importSdk>>;

let loading: Promise<McpSdk> | undefined;

/** Rejects with an McpFailure that says what to install. */
export function loadSdk(): Promise<McpSdk> {
  loading ??= importSdk().catch((cause: unknown) => {
    loading = undefined;
    const message = "This server lacks the package @modelcontextprotocol/sdk, which MCP needs.";
    throw new McpFailure("protocol_error", message, { cause });
  });
  return loading;
}

async function importSdk() {
  const [{ Client }, streamable, sse, { McpError }] = await Promise.all([
    import("@modelcontextprotocol/sdk/client/index.js"),
    import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
    import("@modelcontextprotocol/sdk/client/sse.js"),
    import("@modelcontextprotocol/sdk/types.js"),
  ]);
  const { StreamableHTTPClientTransport, StreamableHTTPError } = streamable;
  const { SSEClientTransport, SseError } = sse;
  return { Client, StreamableHTTPClientTransport, StreamableHTTPError, SSEClientTransport, SseError, McpError };
}
