import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { agents, agentVersions, tools } from "../../db/schema/index";
import { conflict } from "../errors";
import { defineService } from "../service";
import { requireTool } from "./view";

export const removeTool = defineService({
  name: "tools.remove",
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input, audit }) => {
    const tool = await requireTool(tx, input.id);
    const [user] = await tx
      .select({ name: agents.name })
      .from(agents)
      .innerJoin(agentVersions, and(eq(agentVersions.agentId, agents.id), eq(agentVersions.version, agents.version)))
      .where(and(isNull(agents.archivedAt), sql`${agentVersions.config} -> 'tools' ? ${input.id}`))
      .limit(1);
    if (user) throw conflict(`The agent ${user.name} uses this tool. Take it out there first.`);
    await tx.delete(tools).where(eq(tools.id, input.id));
    await audit({ target: { type: "tool", id: input.id }, details: { name: tool.name, kind: tool.kind } });
  },
});
