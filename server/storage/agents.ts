/** What the dashboard saved is what a session gets: agents by their id, with their tools and those they hand over to. */
import type { Services } from "../../lib/services/context";
import { agentForSession, toolsForSession, type SessionAgent } from "../../lib/services/agents/for-session";
import { mcpServerForSession, type SessionTool } from "../../lib/services/tools/for-session";
import { keptMcp } from "../../lib/services/tools/kinds";
import type { LimitsGate } from "../limits/gate";
import type { McpOptions, PromptStore, ServerTool, StoredPrompt } from "../realtime";
import type { Tool } from "../realtime/protocol/tools";
import { storedMcpServer } from "../tools/stored-mcp-server";
import { storedWebhook } from "../tools/stored-webhook";

type Parts = Pick<Services, "db" | "seal" | "outbound">;

/** As many as an agent may have. */
const MAX_TOOLS = 128;

/** A prompt's id is an agent's, its version the number of one of the agent's; or it is a list of saved tools. `gate` gets to know its limits in time. */
export function databasePrompts(services: Parts, gate: Pick<LimitsGate, "prepare">): PromptStore {
  return {
    find: async (id, version, { tenant }) => {
      const number = version === undefined ? undefined : Number(version);
      if (tenant === undefined || (number !== undefined && !Number.isSafeInteger(number))) return undefined;
      const toolIds = toolList(id);
      if (toolIds !== undefined) return number === undefined ? toolsPrompt(services, tenant, toolIds) : undefined;
      await gate.prepare(tenant);
      const agent = await agentForSession(services, { org: tenant, id, version: number });
      return agent && toPrompt(agent, services);
    },
  };
}

/** MCP servers that were registered once are named by their label alone; their keys stay here. */
export function databaseMcpServers(services: Parts): NonNullable<McpOptions["lookup"]> {
  return async (label, tenant) => {
    const server = tenant === undefined ? undefined : await mcpServerForSession(services, tenant, label);
    if (server === undefined) return undefined;
    return storedMcpServer(server);
  };
}

/** The ids of saved tools, with commas between them. */
function toolList(id: string): string[] | undefined {
  const ids = [...new Set(id.split(","))];
  return ids.length <= MAX_TOOLS && ids.every((each) => each.startsWith("tool_")) ? ids : undefined;
}

/** Saved tools without an agent. Undefined unless all of them are there. */
async function toolsPrompt(services: Parts, org: string, ids: readonly string[]): Promise<StoredPrompt | undefined> {
  const tools = await toolsForSession(services, org, ids);
  if (tools.length < ids.length) return undefined;
  const theirs = tools.flatMap(toSessionTool);
  return {
    anonymous: true,
    session: theirs.length === 0 ? {} : { tools: theirs },
    tools: tools.flatMap((tool) => toServerTool(tool, services)),
  };
}

function toPrompt({ version, config, tools, handoffs }: SessionAgent, services: Parts): StoredPrompt {
  const { voice, turnDetection, noiseReduction, transcription, speed, maxOutputTokens } = config;
  const names = new Set<string>();
  return {
    version: String(version),
    session: {
      instructions: config.instructions,
      output_modalities: [config.modality],
      max_output_tokens: maxOutputTokens ?? "inf",
      tool_choice: config.toolChoice,
      tools: tools.flatMap(toSessionTool),
      audio: {
        input: {
          ...(turnDetection !== undefined && { turn_detection: turnDetection }),
          ...(noiseReduction !== null && { noise_reduction: { type: noiseReduction } }),
          ...(transcription !== null && { transcription }),
        },
        output: { speed, ...(voice !== null && { voice }) },
      },
    },
    variables: config.variables,
    tools: tools.flatMap((tool) => toServerTool(tool, services)),
    handoffs: handoffs.map(({ id, name, description }) => ({
      name: distinct(name, names),
      ...(description !== "" && { description }),
      prompt: { id },
    })),
  };
}

function toSessionTool({ kind, name, description, parameters, config }: SessionTool): Tool[] {
  if (kind === "client") return [{ type: "function", name, description, parameters }];
  if (kind !== "mcp") return [];
  const { allowedTools, approval } = keptMcp.parse(config);
  return [
    {
      type: "mcp",
      server_label: name,
      require_approval: approval,
      ...(allowedTools !== null && { allowed_tools: allowedTools }),
    },
  ];
}

function toServerTool(tool: SessionTool, { outbound }: Parts): ServerTool[] {
  if (tool.kind !== "webhook") return [];
  return [storedWebhook(tool, (target, init) => outbound.fetch(String(target), init))];
}

/** An agent's name as part of a tool's, and no other agent's. */
function distinct(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 40) || "agent";
  let chosen = plain;
  for (let n = 2; taken.has(chosen); n++) chosen = `${plain}_${n}`;
  taken.add(chosen);
  return chosen;
}
