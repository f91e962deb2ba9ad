/** What went wrong with an MCP server, in the three kinds that items can tell, in words without secrets. */
import { McpFailure } from "../../realtime/tools/mcp";
import type { McpSdk } from "./sdk";

export function toMcpFailure(sdk: McpSdk, error: unknown): McpFailure {
  if (error instanceof McpFailure) return error;
  const refusal = causeNamed(error, "OutboundError");
  if (refusal !== undefined) return new McpFailure("http_error", refusal.message, { cause: error });
  if (error instanceof sdk.McpError)
    return new McpFailure("protocol_error", error.message, { code: error.code, cause: error });
  if (error instanceof sdk.StreamableHTTPError || error instanceof sdk.SseError) return httpFailure(error.code, error);
  if (error instanceof Error && error.name === "UnauthorizedError") return httpFailure(401, error);
  return new McpFailure("http_error", "The MCP server could not be reached.", { cause: error });
}

function httpFailure(code: number | undefined, cause: Error): McpFailure {
  if (code === 401 || code === 403)
    return new McpFailure("http_error", `The MCP server refused the key it was given (${code}).`, { code, cause });
  const message = code === undefined || code < 0 ? "The MCP server broke off." : `The MCP server answered ${code}.`;
  return new McpFailure("http_error", message, { code: Math.max(code ?? 0, 0), cause });
}

/** Errors travel wrapped: `fetch` makes a TypeError of what its connection threw. */
function causeNamed(error: unknown, name: string): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at.name === name) return at;
  return undefined;
}
