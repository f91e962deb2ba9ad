import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { agents } from "../../db/schema/index";
import { conflict } from "../errors";
import { defineService } from "../service";
import { agentConfig, agentName, agentNote } from "./config";
import { insertVersion, requireAgent, requireReferences } from "./versions";

/** A new version. Nothing is ever overwritten. */
export const saveAgent = defineService({
  name: "agents.save",
  kind: "mutation",
  scope: "agents:write",
  input: z.strictObject({
    id: z.string(),
    name: agentName,
    description: z.string().trim().max(500).default(""),
    config: agentConfig,
    note: agentNote,
    /** The version that was edited: a save over somebody else's is refused. Undefined: over whatever is there. */
    basedOn: z.int().optional(),
  }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const agent = await requireAgent(tx, input.id, { lock: true });
    if (input.basedOn !== undefined && input.basedOn !== agent.version)
      throw conflict(`Somebody saved version ${agent.version} meanwhile. Look at it before you save yours.`);
    await requireReferences(tx, input.config, input.id);
    const version = agent.version + 1;
    const { name, description, config, note } = input;
    await insertVersion(tx, ctx, { agentId: input.id, version, config, note });
    await tx
      .update(agents)
      .set({ name, description, version, updatedAt: sql`now()` })
      .where(eq(agents.id, input.id));
    await audit({ target: { type: "agent", id: input.id }, details: { name, version, note } });
    notify({ type: "limits.changed", org: ctx.org });
    return { id: input.id, version };
  },
});
