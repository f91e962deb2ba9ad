import { eq } from "drizzle-orm";
import { z } from "zod";
import { rateLimits } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const removeLimit = defineService({
  name: "limits.remove",
  kind: "mutation",
  scope: "limits:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const [removed] = await tx.delete(rateLimits).where(eq(rateLimits.id, input.id)).returning();
    if (!removed) throw notFound("limit");
    await audit({ target: { type: removed.subject, id: removed.subjectId } });
    notify({ type: "limits.changed", org: ctx.org });
  },
});
