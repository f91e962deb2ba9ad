import { eq } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { sqlState, UNIQUE_VIOLATION } from "../../db/errors";
import { tools } from "../../db/schema/index";
import type { GuardedRequests } from "../context";
import { conflict, notFound } from "../errors";
import { requireReachable } from "../webhooks/fields";
import { keptMcp, keptWebhook, type ToolInput } from "./kinds";

export type ToolRow = typeof tools.$inferSelect;

/** A tool without its secrets. */
export function viewTool({ sealedSecret, sealedHeaders: _headers, orgId: _org, config, ...tool }: ToolRow) {
  return {
    ...tool,
    parameters: tool.parameters as Record<string, unknown>,
    config: viewConfig(tool.kind, config),
    hasSecret: sealedSecret !== null,
  };
}

/** Of all kinds together; each has its own of them. Headers by name only. */
type ViewedConfig = Partial<Omit<(typeof keptWebhook)["_output"] & (typeof keptMcp)["_output"], "headers">>;

function viewConfig(kind: ToolRow["kind"], config: unknown): ViewedConfig {
  if (kind === "client") return {};
  const { headers, headerNames, ...kept } = (kind === "mcp" ? keptMcp : keptWebhook).parse(config);
  return { ...kept, headerNames: [...new Set([...Object.keys(headers), ...headerNames])] };
}

export async function requireTool(tx: Transaction, id: string): Promise<ToolRow> {
  const [tool] = await tx.select().from(tools).where(eq(tools.id, id));
  if (!tool) throw notFound("tool");
  return tool;
}

export async function requireReachableTool(outbound: GuardedRequests, tool: ToolInput): Promise<void> {
  if (tool.kind !== "client") await requireReachable(outbound, tool.config.url, "config.url");
}

export function nameTaken(error: unknown): never {
  if (sqlState(error) === UNIQUE_VIOLATION) throw conflict("There is a tool of this name.", "name");
  throw error;
}
