import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { agents } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";
import { findVersion, insertVersion, requireAgent } from "./versions";

/** An old version becomes the newest: as a copy, so that the history stays whole. */
export const restoreAgent = defineService({
  name: "agents.restore",
  kind: "mutation",
  scope: "agents:write",
  input: z.strictObject({ id: z.string(), version: z.int().min(1) }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const agent = await requireAgent(tx, input.id, { lock: true });
    const old = await findVersion(tx, input.id, input.version);
    if (!old) throw notFound("version");
    const version = agent.version + 1;
    const note = `Version ${input.version}, restored`;
    await insertVersion(tx, ctx, { agentId: input.id, version, config: old.config, note });
    await tx
      .update(agents)
      .set({ version, updatedAt: sql`now()` })
      .where(eq(agents.id, input.id));
    await audit({ target: { type: "agent", id: input.id }, details: { restored: input.version, version } });
    notify({ type: "limits.changed", org: ctx.org });
    return { id: input.id, version };
  },
});
