/** What may stand in `tools` and `tool_choice`: refused with the path of what is wrong. */
import { errors } from "../protocol/errors";
import type { FunctionToolConfig, Tool, ToolChoiceConfig } from "../protocol/tools";
import { compileSchema, SchemaError, strictProblem } from "../tools/json-schema";

export interface ToolRules {
  /** Names of the server's own tools. */
  readonly taken: ReadonlySet<string>;
  /** `session` or `response`. */
  readonly where: string;
}

export function requireTools(tools: readonly Tool[], choice: ToolChoiceConfig, { taken, where }: ToolRules): void {
  const names = new Set<string>();
  tools.forEach((tool, index) => {
    const at = `${where}.tools[${index}]`;
    if (tool.type === "mcp") throw errors.unsupported(`${at}.type`, "MCP tools are not offered by this server yet.");
    if (names.has(tool.name)) throw errors.invalidValue(`${at}.name`, `Two tools have the name '${tool.name}'.`);
    if (taken.has(tool.name))
      throw errors.invalidValue(`${at}.name`, `The server has a tool named '${tool.name}' itself. Take another name.`);
    names.add(tool.name);
    requireSchema(tool, at);
  });
  if (typeof choice === "string") return;
  const at = `${where}.tool_choice`;
  if (choice.type === "mcp") throw errors.unsupported(`${at}.type`, "MCP tools are not offered by this server yet.");
  if (!names.has(choice.name) && !taken.has(choice.name))
    throw errors.invalidValue(at, `Tool choice '${choice.name}' not found in 'tools' parameter.`);
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
