import { eq } from "drizzle-orm";
import { z } from "zod";
import { realtimeSessions, recordingGaps, recordings } from "../../db/schema/index";
import { conflict } from "../errors";
import { defineService } from "../service";
import { deleteRecordings } from "./audio-deletions";
import { requireSession } from "./view";

/** Deletes what was recorded, audio included; sums in the usage stay. */
export const removeSession = defineService({
  name: "sessions.remove",
  kind: "mutation",
  scope: "sessions:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    const session = await requireSession(tx, input.id);
    if (session.status === "live") throw conflict("This session is still running. End it first.");
    const recorded = await deleteRecordings(tx, eq(recordings.sessionId, input.id));
    await tx.delete(recordingGaps).where(eq(recordingGaps.sessionId, input.id));
    await tx.delete(realtimeSessions).where(eq(realtimeSessions.id, input.id));
    await audit({ target: { type: "session", id: input.id }, details: { startedAt: session.startedAt } });
    if (recorded.length > 0) notify({ type: "audio.deleted", org: ctx.org });
  },
});
