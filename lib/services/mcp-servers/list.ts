import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { mcpListings, tools } from "../../db/schema/index";
import { defineService } from "../service";
import { viewMcpServer } from "./view";

export const listMcpServers = defineService({
  name: "mcpServers.list",
  kind: "query",
  scope: "tools:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx
      .select()
      .from(tools)
      .leftJoin(mcpListings, eq(mcpListings.toolId, tools.id))
      .where(eq(tools.kind, "mcp"))
      .orderBy(asc(tools.name))
      .limit(500);
    return rows.map((row) => viewMcpServer(row.tools, row.mcp_listings));
  },
});
