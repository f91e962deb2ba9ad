import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { sessionEvents } from "../../db/schema/index";
import { defineService } from "../service";
import { contentsOf } from "./get";
import { requireSession, viewSession } from "./view";

const MOST_EVENTS = 100_000;

/** Everything that is known of a session, as one JSON document. Its audio is downloaded by itself. */
export const exportSession = defineService({
  name: "sessions.export",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input }) => {
    const session = await requireSession(tx, input.id);
    const events = await tx
      .select()
      .from(sessionEvents)
      .where(eq(sessionEvents.sessionId, input.id))
      .orderBy(asc(sessionEvents.seq))
      .limit(MOST_EVENTS);
    return {
      format: "antiphon.session/1" as const,
      session: { ...viewSession(session), config: session.config },
      ...(await contentsOf(tx, input.id)),
      events: events.map(({ orgId: _org, sessionId: _session, ...event }) => event),
    };
  },
});
