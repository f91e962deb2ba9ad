import { and, asc, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import { sessionEvents } from "../../db/schema/index";
import { defineService } from "../service";
import { requireSession } from "./view";

/** Raw events in their order, with a filter by type. */
export const listSessionEvents = defineService({
  name: "sessions.listEvents",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({
    id: z.string(),
    /** A part of it is enough. */
    type: z.string().trim().toLowerCase().max(100).optional(),
    after: z.int().min(0).optional(),
    limit: z.int().min(1).max(1000).default(200),
  }),
  run: async ({ tx, input }) => {
    await requireSession(tx, input.id);
    const { type, after } = input;
    const rows = await tx
      .select()
      .from(sessionEvents)
      .where(
        and(
          eq(sessionEvents.sessionId, input.id),
          type ? sql`position(${type} in ${sessionEvents.type}) > 0` : undefined,
          after === undefined ? undefined : gt(sessionEvents.seq, after),
        ),
      )
      .orderBy(asc(sessionEvents.seq))
      .limit(input.limit + 1);
    const shown = rows.slice(0, input.limit).map(({ orgId: _org, sessionId: _session, ...event }) => event);
    return { items: shown, nextAfter: rows.length > input.limit ? shown.at(-1)?.seq : undefined };
  },
});
