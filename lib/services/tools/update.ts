import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { tools } from "../../db/schema/index";
import { invalid } from "../errors";
import { defineService } from "../service";
import { toolInput } from "./kinds";
import { nameTaken, requireReachable, requireTool } from "./view";

export const updateTool = defineService({
  name: "tools.update",
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string(), tool: toolInput }),
  run: async ({ ctx, tx, input, audit }) => {
    const { id, tool } = input;
    const before = await requireTool(tx, id);
    if (before.kind !== tool.kind) throw invalid("A tool stays of its kind: make another one.", "tool.kind");
    await requireReachable(ctx.outbound, tool);
    const { name, description, parameters, config, enabled } = tool;
    const token = tool.kind === "mcp" ? tool.token : undefined;
    await tx
      .update(tools)
      .set({
        name,
        description,
        parameters,
        config,
        enabled,
        updatedAt: sql`now()`,
        ...(token !== undefined && { sealedSecret: ctx.seal.seal(token) }),
      })
      .where(eq(tools.id, id))
      .catch(nameTaken);
    await audit({ target: { type: "tool", id }, details: { name, enabled } });
  },
});
