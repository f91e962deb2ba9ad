import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { newSigningSecret } from "../webhooks/fields";
import { tools } from "../../db/schema/index";
import { invalid } from "../errors";
import { defineService } from "../service";
import { requireTool } from "./view";

/** A new signing secret, shown once; the old one is void at once. */
export const rotateToolSecret = defineService({
  name: "tools.rotateSecret",
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit }) => {
    const tool = await requireTool(tx, input.id);
    if (tool.kind !== "webhook") throw invalid("Only calls of webhooks are signed.");
    const secret = newSigningSecret();
    await tx
      .update(tools)
      .set({ sealedSecret: ctx.seal.seal(secret), updatedAt: sql`now()` })
      .where(eq(tools.id, input.id));
    await audit({ target: { type: "tool", id: input.id }, details: { name: tool.name } });
    return { secret };
  },
});
