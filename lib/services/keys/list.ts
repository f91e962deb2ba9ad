import { desc } from "drizzle-orm";
import { z } from "zod";
import { apiKeys } from "../../db/schema/index";
import { defineService } from "../service";

export type KeyStatus = "active" | "expired" | "revoked";

export const listKeys = defineService({
  name: "keys.list",
  kind: "query",
  scope: "keys:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx.select().from(apiKeys).orderBy(desc(apiKeys.createdAt)).limit(1000);
    return rows.map(({ hash: _hash, orgId: _org, ...key }) => ({ ...key, status: statusOf(key) }));
  },
});

function statusOf({ revokedAt, expiresAt }: Pick<typeof apiKeys.$inferSelect, "revokedAt" | "expiresAt">): KeyStatus {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? "expired" : "active";
}
