import { boolean, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, time } from "./columns";

export const users = pgTable("users", {
  id: text().primaryKey(),
  /** In lower case. */
  email: text().notNull().unique(),
  name: text(),
  image: text(),
  /** Argon2id; null for people who come through a provider. */
  passwordHash: text(),
  emailVerifiedAt: time(),
  /** Raised by a new password: logins from before it are void. */
  loginEpoch: integer().notNull().default(0),
  disabled: boolean().notNull().default(false),
  lastLoginAt: time(),
  createdAt: createdAt(),
});

/** Logins at providers: GitHub, Google, an OIDC issuer. */
export const accounts = pgTable(
  "accounts",
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    provider: text().notNull(),
    providerAccountId: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.provider, table.providerAccountId), index().on(table.userId)],
);

/** One-time links: the first owner's, a new password's, a login's. Only hashes are kept. */
export const loginTokens = pgTable(
  "login_tokens",
  {
    id: text().primaryKey(),
    kind: text({ enum: ["setup", "reset", "login"] }).notNull(),
    hash: text().notNull().unique(),
    email: text(),
    userId: text().references(() => users.id, { onDelete: "cascade" }),
    expiresAt: time().notNull(),
    usedAt: time(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.expiresAt)],
);

/** Failed logins of late, by address and by e-mail (hashed). */
export const loginAttempts = pgTable("login_attempts", {
  key: text().primaryKey(),
  failures: integer().notNull(),
  firstAt: time().notNull(),
  blockedUntil: time(),
});
