import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { mcpListings, tools } from "../../db/schema/index";
import type { Sealer } from "../../seal";
import { invalid } from "../errors";
import { defineService } from "../service";
import { keptMcp, type ToolInput, toolInput } from "./kinds";
import { toKept } from "./secrets";
import { nameTaken, requireReachableTool, requireTool } from "./view";

export const updateTool = defineService({
  name: "tools.update",
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string(), tool: toolInput }),
  prepare: ({ ctx, input }) => requireReachableTool(ctx.outbound, input.tool),
  run: async ({ ctx, tx, input, audit }) => {
    const { id, tool } = input;
    const before = await requireTool(tx, id);
    if (before.kind !== tool.kind) throw invalid("A tool stays of its kind: make another one.", "tool.kind");
    const { name, description, parameters, enabled } = tool;
    await tx
      .update(tools)
      .set({
        ...{ name, description, parameters, enabled, updatedAt: sql`now()` },
        ...toKept(tool, before, ctx.seal),
        ...newSecret(tool, ctx.seal),
      })
      .where(eq(tools.id, id))
      .catch(nameTaken);
    // What another server listed says nothing of this one.
    if (tool.kind === "mcp" && keptMcp.parse(before.config).url !== tool.config.url)
      await tx.delete(mcpListings).where(eq(mcpListings.toolId, id));
    await audit({ target: { type: "tool", id }, details: { name, enabled } });
  },
});

function newSecret(tool: ToolInput, seal: Sealer): { readonly sealedSecret?: string | null } {
  if (tool.kind !== "mcp" || tool.token === undefined) return {};
  return { sealedSecret: tool.token === null ? null : seal.seal(tool.token) };
}
