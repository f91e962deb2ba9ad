import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

/** Where a recording lies, for the route that streams it. */
export const findRecording = defineService({
  name: "sessions.recording",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({ sessionId: z.string(), side: z.enum(["input", "output"]) }),
  run: async ({ tx, input }) => {
    const [found] = await tx
      .select()
      .from(recordings)
      .where(and(eq(recordings.sessionId, input.sessionId), eq(recordings.side, input.side)));
    if (!found) throw notFound("recording");
    return found;
  },
});
