import { keptWebhook } from "../../lib/services/tools/kinds";
import type { SessionTool } from "../../lib/services/tools/for-session";
import type { OutboundFetch } from "../net/outbound";
import type { ServerTool } from "../realtime";
import { webhookTool } from "./webhook";

/** A webhook of the dashboard as a tool that runs here. @throws for what cannot be one. */
export function storedWebhook(tool: SessionTool, fetch: OutboundFetch): ServerTool {
  const { name, description, parameters, headers, secret } = tool;
  const { url, timeoutMs, idempotent, readOnly } = keptWebhook.parse(tool.config);
  const signed = secret === undefined ? {} : { secret };
  return webhookTool({
    ...{ name, description, parameters, url, timeoutMs, idempotent, readOnly, headers, fetch },
    ...signed,
  });
}
