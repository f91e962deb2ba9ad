import { eq } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { type ListedMcpTool, mcpListings } from "../../db/schema/index";
import { notFound } from "../errors";
import { requireTool, type ToolRow, viewTool } from "../tools/view";

type Listing = typeof mcpListings.$inferSelect;

export async function requireMcpServer(tx: Transaction, id: string): Promise<ToolRow> {
  const row = await requireTool(tx, id);
  if (row.kind !== "mcp") throw notFound("MCP server");
  return row;
}

export async function listingOf(tx: Transaction, id: string): Promise<Listing | undefined> {
  const [listing] = await tx.select().from(mcpListings).where(eq(mcpListings.toolId, id));
  return listing;
}

/** A server with its health; its tools are a page's of their own. */
export function viewMcpServer(row: ToolRow, listing: Listing | undefined | null) {
  const { parameters: _none, kind: _kind, ...server } = viewTool(row);
  const known: readonly ListedMcpTool[] | undefined = listing?.tools ?? undefined;
  return {
    ...server,
    /** Null: nobody has looked yet. */
    health: listing
      ? {
          checkedAt: listing.checkedAt,
          listedAt: listing.listedAt,
          problem: listing.problem,
          durationMs: listing.durationMs,
          toolCount: known?.length ?? null,
        }
      : null,
  };
}
