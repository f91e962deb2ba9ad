/** MCP servers over HTTP, through `@modelcontextprotocol/sdk`, which must be installed beside this package. */
export { mcpConnector } from "./connector";
export type { McpConnectorOptions } from "./connector";
