import { and, desc, gt, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { invites } from "../../db/schema/index";
import { defineService } from "../service";

/** Those that can still be used. */
export const listInvites = defineService({
  name: "invites.list",
  kind: "query",
  scope: "team:read",
  input: z.void(),
  run: ({ tx }) =>
    tx
      .select({
        id: invites.id,
        email: invites.email,
        role: invites.role,
        createdBy: invites.createdBy,
        createdAt: invites.createdAt,
        expiresAt: invites.expiresAt,
      })
      .from(invites)
      .where(and(isNull(invites.acceptedAt), isNull(invites.revokedAt), gt(invites.expiresAt, sql`now()`)))
      .orderBy(desc(invites.createdAt)),
});
