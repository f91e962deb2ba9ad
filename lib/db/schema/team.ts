import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { ROLES } from "../../auth/roles";
import { createdAt, orgId, time } from "./columns";
import { users } from "./users";

export const memberships = pgTable(
  "memberships",
  {
    orgId: orgId(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text({ enum: ROLES }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.userId] }), index().on(table.userId)],
);

export const invites = pgTable(
  "invites",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    /** Null: whoever has the link. */
    email: text(),
    role: text({ enum: ROLES }).notNull(),
    hash: text().notNull().unique(),
    createdBy: text(),
    expiresAt: time().notNull(),
    acceptedAt: time(),
    acceptedBy: text(),
    revokedAt: time(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId, table.createdAt)],
);
