import { z } from "zod";
import { notFound } from "../errors";
import { defineService } from "../service";
import { findVersion, requireAgent } from "./versions";

export const getAgent = defineService({
  name: "agents.get",
  kind: "query",
  scope: "agents:read",
  /** Without a version: the latest. */
  input: z.strictObject({ id: z.string(), version: z.int().min(1).optional() }),
  run: async ({ tx, input }) => {
    const agent = await requireAgent(tx, input.id);
    const found = await findVersion(tx, input.id, input.version);
    if (!found) throw notFound("version");
    return {
      id: agent.id,
      name: agent.name,
      description: agent.description,
      latestVersion: agent.version,
      version: found.version,
      config: found.config,
      note: found.note,
      savedBy: found.createdBy,
      savedAt: found.createdAt,
      createdAt: agent.createdAt,
    };
  },
});
