/** What may stand in `tools` and `tool_choice`: refused with the path of what is wrong. */
import { errors } from "../protocol/errors";
import type { FunctionToolConfig, McpToolConfig, Tool, ToolChoiceConfig } from "../protocol/tools";
import { compileSchema, SchemaError, strictProblem } from "../tools/json-schema";
import type { McpOptions } from "../tools/mcp";

export interface ToolRules {
  /** Names of the server's own tools. */
  readonly taken: ReadonlySet<string>;
  /** Undefined: MCP is not to be had. */
  readonly mcp: McpOptions | undefined;
  /** `session` or `response`. */
  readonly where: string;
}

export function requireTools(tools: readonly Tool[], choice: ToolChoiceConfig, rules: ToolRules): void {
  const { taken, where } = rules;
  const names = new Set<string>();
  const labels = new Set<string>();
  tools.forEach((tool, index) => {
    const at = `${where}.tools[${index}]`;
    if (tool.type === "mcp") {
      requireMcp(tool, rules, at);
      if (labels.has(tool.server_label))
        throw errors.invalidValue(`${at}.server_label`, `Two MCP servers have the label '${tool.server_label}'.`);
      return void labels.add(tool.server_label);
    }
    if (names.has(tool.name)) throw errors.invalidValue(`${at}.name`, `Two tools have the name '${tool.name}'.`);
    requireFreeName(tool, at, taken);
    names.add(tool.name);
    requireSchema(tool, at);
  });
  if (typeof choice === "string") return;
  const at = `${where}.tool_choice`;
  if (choice.type === "mcp") {
    if (labels.has(choice.server_label)) return;
    const message = `MCP server '${choice.server_label}' not found in 'tools' parameter.`;
    throw errors.invalidValue(`${at}.server_label`, message);
  }
  if (!names.has(choice.name) && !taken.has(choice.name))
    throw errors.invalidValue(at, `Tool choice '${choice.name}' not found in 'tools' parameter.`);
}

function requireMcp(tool: McpToolConfig, { mcp }: ToolRules, at: string): void {
  if (mcp === undefined) throw errors.unsupported(`${at}.type`, "MCP tools are not offered by this server.");
  if (tool.connector_id !== undefined)
    throw errors.unsupported(
      `${at}.connector_id`,
      "This server has no connectors. Give the 'server_url' of an MCP server.",
    );
  if (tool.tunnel_id !== undefined)
    throw errors.unsupported(`${at}.tunnel_id`, "This server has no tunnels. Give the 'server_url' of an MCP server.");
  const { server_url: url } = tool;
  if (url === undefined) {
    if (mcp.lookup === undefined) throw errors.missingParameter(`${at}.server_url`);
  } else if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw errors.invalidValue(`${at}.server_url`, "Expected an http or https URL.");
  }
}

/** The same for what another server judges, but for names that are taken here. */
export function requireFreeNames(tools: readonly Tool[], { taken, where }: Omit<ToolRules, "mcp">): void {
  tools.forEach((tool, index) => {
    if (tool.type === "function") requireFreeName(tool, `${where}.tools[${index}]`, taken);
  });
}

function requireFreeName({ name }: FunctionToolConfig, at: string, taken: ReadonlySet<string>): void {
  if (!taken.has(name)) return;
  throw errors.invalidValue(`${at}.name`, `The server has a tool named '${name}' itself. Take another name.`);
}

function requireSchema({ parameters, strict, name }: FunctionToolConfig, at: string): void {
  if (parameters === undefined) return;
  try {
    compileSchema(parameters);
    const broken = strict === true ? strictProblem(parameters) : undefined;
    if (broken !== undefined) throw broken;
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const param = `${at}.parameters${error.path}`;
    throw errors.invalidValue(param, `Invalid schema for function '${name}': ${error.message}`);
  }
}
