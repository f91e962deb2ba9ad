import { sql } from "drizzle-orm";
import { boolean, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const organisations = pgTable("organisations", {
  id: text().primaryKey(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  /** Owns what bootstrap keys do. At most one row has it. */
  isFirst: boolean().unique(),
  createdAt: timestamp({ withTimezone: true, mode: "date", precision: 3 })
    .notNull()
    .default(sql`now()`),
});
