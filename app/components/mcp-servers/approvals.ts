/** Which of a server's tools agents get, and of which a person is asked: the rules as they are kept, and tool by tool. */
import type { Answers } from "../../lib/trpc";

type McpServer = Answers["mcpServers"]["get"];
export type Approval = NonNullable<McpServer["config"]["approval"]>;
export type RuleName = "always" | "never" | "reading" | "chosen";
export type Use = "asks" | "free" | "withheld";

/** Undefined: it is made of choices. */
export const APPROVALS: Readonly<Record<RuleName, Approval | undefined>> = {
  always: "always",
  never: "never",
  reading: { never: { read_only: true } },
  chosen: undefined,
};

export function ruleOf(approval: Approval): RuleName {
  if (typeof approval === "string") return approval;
  return approval.never.tool_names === undefined ? "reading" : "chosen";
}

export interface ListedTool {
  readonly name: string;
  readonly allowed: boolean;
  readonly approval: boolean;
}

export function useOf({ allowed, approval }: ListedTool): Use {
  return allowed ? (approval ? "asks" : "free") : "withheld";
}

/** The rules that lead to what each tool is, with one of them changed. */
export function rulesWith(tools: readonly ListedTool[], name: string, use: Use) {
  const chosen = tools.map((tool) => ({ name: tool.name, use: tool.name === name ? use : useOf(tool) }));
  const allowed = chosen.filter((tool) => tool.use !== "withheld").map((tool) => tool.name);
  const free = chosen.filter((tool) => tool.use === "free").map((tool) => tool.name);
  return {
    allowedTools: allowed.length === tools.length ? null : allowed,
    approval: approvalOf(free, allowed),
  };
}

/** A tool that the server adds later is asked of, unless none ever is. */
function approvalOf(free: readonly string[], allowed: readonly string[]): Approval {
  if (free.length === 0) return "always";
  return free.length === allowed.length ? "never" : { never: { tool_names: [...free] } };
}
