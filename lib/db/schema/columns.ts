/** Columns that many tables have. */
import { sql } from "drizzle-orm";
import { text, timestamp } from "drizzle-orm/pg-core";
import { organisations } from "./organisations";

export const time = () => timestamp({ withTimezone: true, mode: "date" });
export const createdAt = () =>
  time()
    .notNull()
    .default(sql`now()`);
/** Every table that has it is guarded by row-level security: the migrations see to it, and a test that they did. */
export const orgId = () =>
  text()
    .notNull()
    .references(() => organisations.id);
