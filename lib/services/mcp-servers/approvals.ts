/** The rules of a registered server, as sessions follow them. */
import type { ListedMcpTool } from "../../db/schema/index";
import type { keptMcp } from "../tools/kinds";

type Rules = Pick<(typeof keptMcp)["_output"], "allowedTools" | "approval">;

export function isAllowed({ allowedTools }: Rules, { name }: ListedMcpTool): boolean {
  return allowedTools === null || allowedTools.includes(name);
}

/** Whether a person is asked before it is called. */
export function isAsked({ approval }: Rules, { name, readOnly }: ListedMcpTool): boolean {
  if (typeof approval === "string") return approval === "always";
  const { tool_names: names, read_only: onlyReading } = approval.never;
  return !((names?.includes(name) ?? true) && (onlyReading === undefined || onlyReading === readOnly));
}
