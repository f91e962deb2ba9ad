import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { realtimeSessions } from "../../db/schema/index";
import { conflict } from "../errors";
import { defineService } from "../service";
import { requireSession } from "./view";

/** Ends a running session: at once through `session.end` where it is held here, within seconds where another server holds it. */
export const endSession = defineService({
  name: "sessions.end",
  kind: "mutation",
  scope: "sessions:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const session = await requireSession(tx, input.id);
    if (session.status !== "live") throw conflict("This session has ended already.");
    await tx
      .update(realtimeSessions)
      .set({ endRequestedAt: sql`now()` })
      .where(eq(realtimeSessions.id, input.id));
    await audit({ target: { type: "session", id: input.id } });
    notify({ type: "session.end", org: ctx.org, sessionId: input.id });
  },
});
