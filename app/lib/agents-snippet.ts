/** A session as a program of the OpenAI Agents SDK: tools as its own, everything else as the session has it. */
import { json, key, type SnippetParts } from "./snippet-parts";

interface Session {
  readonly type?: string;
  readonly instructions?: string;
  readonly tools?: readonly Tool[];
}

type Tool =
  | { readonly type: "function"; readonly name: string; readonly description?: string; readonly parameters?: object }
  | { readonly type: "mcp"; readonly server_label: string };

export function agentsSnippet(parts: SnippetParts): string {
  const { type: _type, instructions, tools = [], ...rest } = parts.session as Session;
  const socket = parts.origin.replace(/^http/, "ws");
  const asks = tools.some(({ type }) => type === "mcp");
  return `// npm install @openai/agents-realtime zod
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession${tools.some(isFunction) ? ", tool" : ""} } from "@openai/agents-realtime";

const agent = new RealtimeAgent({
  name: "Assistant",
  instructions: ${JSON.stringify(instructions ?? "You are a helpful voice assistant.")},${toolsOf(tools)}
});
const session = new RealtimeSession(agent, {
  model: "${parts.model}",
  transport: new OpenAIRealtimeWebSocket({ url: "${socket}/v1/realtime?model=${parts.model}" }),
  config: { providerData: ${json(rest, 2)} },
});
${asks ? APPROVALS : ""}await session.connect({ apiKey: ${key(parts)} });
session.on("history_updated", (history) => console.log(JSON.stringify(history.at(-1), null, 2)));
session.sendMessage("Hello, who are you?");
`;
}

const APPROVALS = `session.on("tool_approval_requested", (_context, _agent, { approvalItem }) => session.approve(approvalItem));
`;

function isFunction({ type }: Tool): boolean {
  return type === "function";
}

function toolsOf(tools: readonly Tool[]): string {
  if (tools.length === 0) return "";
  return `\n  tools: [${tools.map((tool) => `\n    ${toolOf(tool)},`).join("")}\n  ],`;
}

function toolOf(tool: Tool): string {
  switch (tool.type) {
    case "function": {
      const { type: _type, name, description = "", parameters = { type: "object", properties: {} } } = tool;
      const told = { name, description, strict: false, parameters };
      return `tool({ ...${json(told, 4)}, execute: async (input) => "Write the answer here." })`;
    }
    case "mcp":
      return json({ type: "hosted_tool", name: "hosted_mcp", providerData: tool }, 4);
    default:
      return tool satisfies never;
  }
}
