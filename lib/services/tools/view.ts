import { and, eq } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { sqlState, UNIQUE_VIOLATION } from "../../db/errors";
import { tools } from "../../db/schema/index";
import type { GuardedRequests } from "../context";
import { conflict, invalid, notFound } from "../errors";
import type { ToolInput } from "./kinds";

export type ToolRow = typeof tools.$inferSelect;

/** A tool without its secret. */
export function viewTool({ sealedSecret, orgId: _org, ...tool }: ToolRow) {
  return { ...tool, hasSecret: sealedSecret !== null };
}

export async function requireTool(tx: Transaction, id: string): Promise<ToolRow> {
  const [tool] = await tx
    .select()
    .from(tools)
    .where(and(eq(tools.id, id)));
  if (!tool) throw notFound("tool");
  return tool;
}

/** An address inside is refused when it is entered; it is judged again whenever it is called. */
export async function requireReachable(outbound: GuardedRequests, tool: ToolInput): Promise<void> {
  if (tool.kind === "client") return;
  await outbound.check(tool.config.url).catch((error: unknown) => {
    throw invalid(error instanceof Error ? error.message : "This URL cannot be used.", "config.url");
  });
}

export function nameTaken(error: unknown): never {
  if (sqlState(error) === UNIQUE_VIOLATION) throw conflict("There is a tool of this name.", "name");
  throw error;
}
