import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditLog } from "../../db/schema/index";
import { decodeCursor, pageInput, toPage } from "../page";
import { defineService } from "../service";

export const listAudit = defineService({
  name: "audit.list",
  kind: "query",
  scope: "audit:read",
  input: z.strictObject({
    ...pageInput,
    action: z.string().max(100).optional(),
    actorId: z.string().max(100).optional(),
    targetId: z.string().max(100).optional(),
  }),
  run: async ({ ctx, tx, input }) => {
    const after = decodeCursor(input.cursor);
    const { action, actorId, targetId } = input;
    const rows = await tx
      .select()
      .from(auditLog)
      .where(
        and(
          eq(auditLog.orgId, ctx.org),
          action === undefined ? undefined : eq(auditLog.action, action),
          actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
          targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
          after && sql`(${auditLog.at}, ${auditLog.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(input.limit + 1);
    return toPage(rows, input.limit, { position: (row) => row, item: ({ orgId: _org, ...row }) => row });
  },
});
