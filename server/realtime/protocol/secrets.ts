/** What clients entrust to us for others, the keys of MCP servers, and nobody else is to see. */
import type { ClientEvent } from "./client-events";
import type { Tool } from "./tools";

const HIDDEN = "<redacted>";

/** A tool without its secrets: whoever holds a short-lived key may read the session, not the keys that it was given. */
export function withoutToolSecrets(tool: Tool): Tool {
  if (tool.type !== "mcp") return tool;
  const headers = tool.headers && Object.fromEntries(Object.keys(tool.headers).map((name) => [name, HIDDEN]));
  return { ...tool, authorization: undefined, headers };
}

/** An event as it may be recorded. */
export function withoutSecrets(event: ClientEvent): ClientEvent {
  if (event.type === "session.update" && event.session.type === "realtime" && event.session.tools !== undefined)
    return { ...event, session: { ...event.session, tools: event.session.tools.map(withoutToolSecrets) } };
  if (event.type === "response.create" && event.response?.tools !== undefined)
    return { ...event, response: { ...event.response, tools: event.response.tools.map(withoutToolSecrets) } };
  return event;
}
