import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { agents } from "../../db/schema/index";
import { defineService } from "../service";
import { requireAgent } from "./versions";

/** Out of every list; sessions that it held keep its name and versions. */
export const archiveAgent = defineService({
  name: "agents.archive",
  kind: "mutation",
  scope: "agents:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const agent = await requireAgent(tx, input.id, { lock: true });
    await tx
      .update(agents)
      .set({ archivedAt: sql`now()` })
      .where(eq(agents.id, input.id));
    await audit({ target: { type: "agent", id: input.id }, details: { name: agent.name } });
    notify({ type: "limits.changed", org: ctx.org });
  },
});
