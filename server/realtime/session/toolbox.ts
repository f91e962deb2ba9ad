/** Which tools a response is offered, who answers each, and whether a call's arguments are right. */
import type { FunctionTool, ToolChoice } from "../engine/types";
import { errors } from "../protocol/errors";
import type { FunctionToolConfig, McpToolConfig, Tool, ToolChoiceConfig } from "../protocol/tools";
import { compileSchema } from "../tools/json-schema";
import { mcpFunctionName } from "../tools/mcp";
import type { JsonSchema, ServerTool } from "../tools/types";
import type { McpServers } from "./mcp-servers";

/** Who answers a call: whoever is connected, or this server. */
export type ToolOwner =
  | { readonly by: "client" }
  | { readonly by: "server"; readonly tool: ServerTool }
  | { readonly by: "mcp"; readonly server: string; readonly tool: string; readonly approval: boolean };

export interface ToolOffer {
  readonly tools: readonly FunctionTool[];
  readonly choice: ToolChoice;
  /** A name that nobody offered is the client's: it may know more than it said. */
  ownerOf(name: string): ToolOwner;
  /** What is wrong with a call, in words for the model. */
  problemOf(call: { readonly name: string; readonly arguments: string }): string | undefined;
}

export interface OfferedTools {
  readonly tools: readonly Tool[];
  readonly choice: ToolChoiceConfig;
  /** Only what stays in the conversation may call tools of the server: elsewhere nobody would see the results. */
  readonly inConversation: boolean;
  /** `session` or `response`. */
  readonly where: string;
}

/** A tool, whoever runs it. */
interface Choosable {
  readonly owner: ToolOwner;
  readonly told: FunctionTool;
  readonly check: ((args: unknown) => string | undefined) | undefined;
}

const CLIENT: ToolOwner = { by: "client" };

export class Toolbox {
  private own: ReadonlyMap<string, Choosable>;

  constructor(
    private readonly lasting: readonly ServerTool[],
    private readonly servers: McpServers,
  ) {
    this.own = byName(lasting);
  }

  /** The session is another agent now, with these tools beside those that every session has. */
  use(tools: readonly ServerTool[]): void {
    this.own = byName([...this.lasting, ...tools]);
  }

  /** Names that clients cannot take. */
  get names(): ReadonlySet<string> {
    return new Set(this.own.keys());
  }

  /** @throws ProtocolError for a choice of something that is not there. */
  offer({ tools, choice, inConversation, where }: OfferedTools): ToolOffer {
    const clients = tools.flatMap((tool) => (tool.type === "function" ? [ofClient(tool)] : []));
    const mcp = tools.flatMap((tool) => (tool.type === "mcp" && inConversation ? this.ofMcp(tool) : []));
    const own = inConversation ? [...this.own.values()] : [];
    const all = new Map([...clients, ...own, ...mcp].map((each) => [each.told.name, each]));
    return {
      ...this.chosen([...all.values()], choice, where),
      ownerOf: (name) => all.get(name)?.owner ?? CLIENT,
      problemOf: ({ name, arguments: json }) => {
        const check = all.get(name)?.check;
        return check === undefined ? undefined : problemOf(json, check);
      },
    };
  }

  private ofMcp(server: McpToolConfig): Choosable[] {
    const { server_label: label } = server;
    return (this.servers.toolsOf(server) ?? []).map((tool) => {
      const { name, description, inputSchema } = tool;
      const owner = {
        by: "mcp",
        server: label,
        tool: name,
        approval: this.servers.needsApproval(server, tool),
      } as const;
      const told = { name: mcpFunctionName(label, name), description, parameters: inputSchema };
      return { owner, told, check: checkOf(inputSchema) };
    });
  }

  private chosen(
    all: readonly Choosable[],
    choice: ToolChoiceConfig,
    where: string,
  ): Pick<ToolOffer, "tools" | "choice"> {
    const tools = all.map(({ told }) => told);
    if (typeof choice === "string") return { tools, choice };
    if (choice.type === "function") return { tools, choice: { name: choice.name } };
    const { server_label: label, name } = choice;
    const ofServer = all.filter(({ owner }) => owner.by === "mcp" && owner.server === label);
    // Not listed, or not to be had: the reply goes on without.
    if (ofServer.length === 0) return { tools, choice: "auto" };
    if (typeof name !== "string") return { tools: ofServer.map(({ told }) => told), choice: "required" };
    const named = ofServer.find(({ owner }) => owner.by === "mcp" && owner.tool === name);
    if (named === undefined)
      throw errors.invalidValue(`${where}.tool_choice.name`, `MCP server '${label}' has no tool '${name}' for you.`);
    return { tools, choice: { name: named.told.name } };
  }
}

function byName(tools: readonly ServerTool[]): ReadonlyMap<string, Choosable> {
  return new Map(tools.map((tool) => [tool.name, ofServer(tool)]));
}

function ofServer(tool: ServerTool): Choosable {
  const { name, description, parameters } = tool;
  return { owner: { by: "server", tool }, told: { name, description, parameters }, check: (args) => tool.check(args) };
}

function ofClient({ name, description, parameters, strict }: FunctionToolConfig): Choosable {
  const told = { name, description, parameters, ...(strict === true && { strict }) };
  return { owner: CLIENT, told, check: parameters && compileSchema(parameters) };
}

/** An MCP server's schema may be anything: one that cannot be used is left to the server itself. */
function checkOf(schema: JsonSchema): Choosable["check"] {
  try {
    return compileSchema(schema);
  } catch {
    return undefined;
  }
}

export function argumentsOf(json: string): unknown {
  return json.trim() === "" ? {} : JSON.parse(json);
}

function problemOf(json: string, check: (args: unknown) => string | undefined): string | undefined {
  try {
    return check(argumentsOf(json));
  } catch {
    return "The arguments are not JSON.";
  }
}
