import { keptMcp } from "../../lib/services/tools/kinds";
import type { SessionTool } from "../../lib/services/tools/for-session";
import type { RegisteredMcpServer } from "../realtime";

/** An MCP server of the dashboard, with its keys, and what it may be used for. */
export function storedMcpServer({ config, headers, secret }: SessionTool): RegisteredMcpServer {
  const { url, transport, allowedTools, approval } = keptMcp.parse(config);
  return {
    ...{ url, transport, headers, authorization: secret, requireApproval: approval },
    ...(allowedTools !== null && { allowedTools }),
  };
}
