/** Which tools a response is offered, who answers each, and whether a call's arguments are right. */
import type { FunctionTool, ToolChoice } from "../engine/types";
import type { FunctionToolConfig, Tool, ToolChoiceConfig } from "../protocol/tools";
import { compileSchema } from "../tools/json-schema";
import type { ServerTool } from "../tools/types";

/** Who answers a call: whoever is connected, or this server. */
export type ToolOwner = { readonly by: "client" } | { readonly by: "server"; readonly tool: ServerTool };

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
}

const CLIENT: ToolOwner = { by: "client" };

export class Toolbox {
  private readonly own = new Map<string, ServerTool>();

  constructor(tools: readonly ServerTool[]) {
    for (const tool of tools) this.own.set(tool.name, tool);
  }

  /** Names that clients cannot take. */
  get names(): ReadonlySet<string> {
    return new Set(this.own.keys());
  }

  offer({ tools, choice, inConversation }: OfferedTools): ToolOffer {
    const own = inConversation ? this.own : new Map<string, ServerTool>();
    const clients = new Map(tools.flatMap((tool) => (tool.type === "function" ? [[tool.name, tool] as const] : [])));
    const offered = [...[...clients.values()].map(toFunctionTool), ...[...own.values()].map(toFunctionTool)];
    return {
      tools: offered,
      choice: toToolChoice(choice),
      ownerOf: (name) => {
        const tool = own.get(name);
        return tool === undefined ? CLIENT : { by: "server", tool };
      },
      problemOf: ({ name, arguments: json }) => {
        const tool = own.get(name);
        if (tool !== undefined) return problemOf(json, (args) => tool.check(args));
        const parameters = clients.get(name)?.parameters;
        return parameters === undefined ? undefined : problemOf(json, compileSchema(parameters));
      },
    };
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

function toFunctionTool(tool: FunctionToolConfig | ServerTool): FunctionTool {
  const { name, description, parameters } = tool;
  const strict = "strict" in tool ? tool.strict : undefined;
  return { name, description, parameters, ...(strict === true && { strict }) };
}

function toToolChoice(choice: ToolChoiceConfig): ToolChoice {
  if (typeof choice === "string") return choice;
  return choice.type === "function" ? { name: choice.name } : "auto";
}
