/** Columns that many tables have. */
import { sql } from "drizzle-orm";
import { text, timestamp } from "drizzle-orm/pg-core";
import { organisations } from "./organisations";

/** To the millisecond, as JavaScript has it: cursors compare what they were given. */
export const time = () => timestamp({ withTimezone: true, mode: "date", precision: 3 });
export const createdAt = () =>
  time()
    .notNull()
    .default(sql`now()`);
/** Every table that has it is guarded by row-level security: the migrations see to it, and a test that they did. */
export const orgId = () =>
  text()
    .notNull()
    .references(() => organisations.id);
