/** Everything of a session that speaks MCP. */
import type { Item } from "../protocol/items";
import type { Tool } from "../protocol/tools";
import type { McpOptions } from "../tools/mcp";
import type { SessionContext } from "./context";
import { McpCalls } from "./mcp-calls";
import { McpServers } from "./mcp-servers";
import type { ActingOptions } from "./types";

const MAX_OUTPUT = 100_000;

export class SessionMcp {
  readonly servers: McpServers;
  readonly calls: McpCalls;
  readonly options: McpOptions | undefined;

  constructor(context: SessionContext, { mcp, toolCalls, tenant }: ActingOptions & { readonly tenant?: string }) {
    this.options = mcp;
    this.servers = new McpServers(context, mcp, tenant);
    this.calls = new McpCalls(context, this.servers, toolCalls?.maxOutput ?? MAX_OUTPUT);
  }

  /** Lists the servers that the session names, in the background. */
  configure(tools: readonly Tool[]): void {
    void this.servers.ensure(tools);
  }

  /** Before a client's item is taken. @throws ProtocolError */
  require(item: Item): void {
    if (item.type === "mcp_approval_response") this.calls.requireWaiting(item);
  }

  /** After it was. */
  take(item: Item): void {
    if (item.type === "mcp_approval_response") this.calls.decide(item);
  }

  close(): void {
    this.calls.close();
    this.servers.close();
  }
}
