import { and, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { agents, agentVersions } from "../../db/schema/index";
import { defineService } from "../service";
import { agentConfig } from "./config";

export const listAgents = defineService({
  name: "agents.list",
  kind: "query",
  scope: "agents:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx
      .select({ agent: agents, config: agentVersions.config })
      .from(agents)
      .innerJoin(agentVersions, and(eq(agentVersions.agentId, agents.id), eq(agentVersions.version, agents.version)))
      .where(isNull(agents.archivedAt))
      .orderBy(desc(agents.updatedAt))
      .limit(1000);
    return rows.map(({ agent, config }) => {
      const { model, voice, tools } = agentConfig.parse(config);
      const { id, name, description, version, updatedAt, createdAt } = agent;
      return { id, name, description, version, updatedAt, createdAt, model, voice, tools: tools.length };
    });
  },
});
