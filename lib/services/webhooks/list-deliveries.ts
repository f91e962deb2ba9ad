import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { webhookDeliveries } from "../../db/schema/index";
import { decodeCursor, pageInput, toPage } from "../page";
import { defineService } from "../service";

export const listDeliveries = defineService({
  name: "webhooks.listDeliveries",
  kind: "query",
  scope: "webhooks:read",
  input: z.strictObject({
    ...pageInput,
    webhookId: z.string().optional(),
    status: z.enum(["pending", "delivered", "failed"]).optional(),
  }),
  run: async ({ ctx, tx, input }) => {
    const table = webhookDeliveries;
    const after = decodeCursor(input.cursor);
    const rows = await tx
      .select()
      .from(table)
      .where(
        and(
          eq(table.orgId, ctx.org),
          input.webhookId === undefined ? undefined : eq(table.webhookId, input.webhookId),
          input.status === undefined ? undefined : eq(table.status, input.status),
          after && sql`(${table.createdAt}, ${table.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(table.createdAt), desc(table.id))
      .limit(input.limit + 1);
    return toPage(rows, input.limit, {
      position: (row) => ({ at: row.createdAt, id: row.id }),
      item: ({ orgId: _org, ...row }) => row,
    });
  },
});
