import { boolean, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, orgId, time } from "./columns";

/** Keys of 256 random bits: their hash needs no salt. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    name: text().notNull(),
    hash: text().notNull().unique(),
    /** The beginning of the key, to recognise it by. */
    hint: text().notNull(),
    scopes: text().array().notNull(),
    createdBy: text(),
    expiresAt: time(),
    lastUsedAt: time(),
    revokedAt: time(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId, table.createdAt)],
);

export const clientSecrets = pgTable(
  "client_secrets",
  {
    hash: text().primaryKey(),
    orgId: orgId(),
    keyId: text(),
    /** The whole grant, as the library gave it to be kept. */
    grant: jsonb().notNull(),
    singleUse: boolean().notNull().default(false),
    /** Web origins that may use it; empty: all that the server lets in. */
    origins: text().array().notNull().default([]),
    expiresAt: time().notNull(),
    usedAt: time(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.expiresAt)],
);
