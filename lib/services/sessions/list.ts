import { and, desc, sql } from "drizzle-orm";
import { z } from "zod";
import { realtimeSessions } from "../../db/schema/index";
import { decodeCursor, pageInput, toPage } from "../page";
import { defineService } from "../service";
import { sessionConditions, sessionFilters } from "./filters";
import { viewSession } from "./view";

/** Newest first. */
export const listSessions = defineService({
  name: "sessions.list",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({ ...pageInput, ...sessionFilters }),
  run: async ({ ctx, tx, input }) => {
    const { cursor, limit, ...filters } = input;
    const after = decodeCursor(cursor);
    const { startedAt, id } = realtimeSessions;
    const rows = await tx
      .select()
      .from(realtimeSessions)
      .where(
        and(
          await sessionConditions(tx, ctx.org, filters),
          after && sql`(${startedAt}, ${id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(startedAt), desc(id))
      .limit(limit + 1);
    return toPage(rows, limit, { position: (row) => ({ at: row.startedAt, id: row.id }), item: viewSession });
  },
});
