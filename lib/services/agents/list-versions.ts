import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { agentVersions } from "../../db/schema/index";
import { defineService } from "../service";
import { agentConfig } from "./config";
import { requireAgent } from "./versions";

/** Newest first, whole: the page shows what changed between any two. */
export const listAgentVersions = defineService({
  name: "agents.listVersions",
  kind: "query",
  scope: "agents:read",
  input: z.strictObject({
    id: z.string(),
    limit: z.int().min(1).max(200).default(50),
    before: z.int().min(1).optional(),
  }),
  run: async ({ tx, input }) => {
    await requireAgent(tx, input.id);
    const rows = await tx
      .select()
      .from(agentVersions)
      .where(
        and(
          eq(agentVersions.agentId, input.id),
          input.before === undefined ? undefined : lt(agentVersions.version, input.before),
        ),
      )
      .orderBy(desc(agentVersions.version))
      .limit(input.limit);
    return rows.map(({ version, config, note, createdBy, createdAt }) => ({
      version,
      config: agentConfig.parse(config),
      note,
      createdBy,
      createdAt,
    }));
  },
});
