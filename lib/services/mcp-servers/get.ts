import { z } from "zod";
import { defineService } from "../service";
import { keptMcp } from "../tools/kinds";
import { sampleArguments } from "../tools/sample";
import { isAllowed, isAsked } from "./approvals";
import { listingOf, requireMcpServer, viewMcpServer } from "./view";

/** A server with the tools that it listed last: which of them sessions get, and of which a person is asked. */
export const getMcpServer = defineService({
  name: "mcpServers.get",
  kind: "query",
  scope: "tools:read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input }) => {
    const row = await requireMcpServer(tx, input.id);
    const listing = await listingOf(tx, row.id);
    const rules = keptMcp.parse(row.config);
    const listed = listing?.tools?.map((tool) => ({
      ...tool,
      allowed: isAllowed(rules, tool),
      approval: isAsked(rules, tool),
      sample: sampleArguments(tool.inputSchema),
    }));
    return { ...viewMcpServer(row, listing), tools: listed ?? null };
  },
});
