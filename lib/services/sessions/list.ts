import { and, desc, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { realtimeSessions } from "../../db/schema/index";
import { decodeCursor, pageInput, toPage } from "../page";
import { defineService } from "../service";
import { amongNewest, matching, sessionConditions, sessionFilters } from "./filters";
import { viewSession } from "./view";

/** Newest first. */
export const listSessions = defineService({
  name: "sessions.list",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({ ...pageInput, ...sessionFilters }),
  run: async ({ ctx, tx, input }) => {
    const { cursor, limit, search, ...filters } = input;
    const after = decodeCursor(cursor);
    const { startedAt, id } = realtimeSessions;
    const condition = and(
      sessionConditions(ctx.org, filters),
      after && sql`(${startedAt}, ${id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
    );
    const find = (where: SQL | undefined) =>
      tx
        .select()
        .from(realtimeSessions)
        .where(where)
        .orderBy(desc(startedAt), desc(id))
        .limit(limit + 1);
    const page = (rows: Awaited<ReturnType<typeof find>>) =>
      toPage(rows, limit, { position: (row) => ({ at: row.startedAt, id: row.id }), item: viewSession });
    if (!search) return page(await find(condition));
    const recent = await find(amongNewest(condition, search));
    return page(recent.length > limit ? recent : await find(and(condition, await matching(tx, search))));
  },
});
