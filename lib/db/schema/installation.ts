import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt } from "./columns";

/** One row: what all servers on this database have in common. */
export const installation = pgTable("installation", {
  id: integer().primaryKey(),
  /** By which a server knows whether its secret is the one that secrets here are sealed with. */
  secretCheck: text().notNull(),
  createdAt: createdAt(),
});
