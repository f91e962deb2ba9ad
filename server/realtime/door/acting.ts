/** What acts in a handler's sessions, checked once when the handler is made. */
import type { RealtimeHandlerOptions } from "../options";
import type { ActingOptions } from "../session/types";

/** @throws TypeError for what cannot work. */
export function actingOf({ tools = [], toolCalls, mcp, prompts, guardrails }: RealtimeHandlerOptions): ActingOptions {
  const twice = tools.find(({ name }, index) => tools.findIndex((tool) => tool.name === name) !== index);
  if (twice !== undefined) throw new TypeError(`Two of the handler's \`tools\` are named "${twice.name}".`);
  return { tools, toolCalls, mcp, prompts, guardrails };
}
