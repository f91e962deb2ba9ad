import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, orgId, time } from "./columns";

/** Append-only: neither the tenants' role nor, by a trigger, anybody else may change a row. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    at: createdAt(),
    actorType: text({ enum: ["user", "key", "system"] }).notNull(),
    actorId: text(),
    /** Name or e-mail at the time. */
    actor: text().notNull(),
    ip: text(),
    requestId: text(),
    action: text().notNull(),
    targetType: text(),
    targetId: text(),
    details: jsonb().notNull(),
  },
  (table) => [index().on(table.orgId, table.at, table.id)],
);

export const webhooks = pgTable(
  "webhooks",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    url: text().notNull(),
    description: text().notNull().default(""),
    events: text().array().notNull(),
    sealedSecret: text().notNull(),
    enabled: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId)],
);

export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    webhookId: text()
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    /** The same for every webhook and attempt: receivers recognise repetitions by it. */
    messageId: text().notNull(),
    event: text().notNull(),
    payload: jsonb().notNull(),
    status: text({ enum: ["pending", "delivered", "failed"] }).notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: time(),
    lastStatus: integer(),
    lastError: text(),
    deliveredAt: time(),
    createdAt: createdAt(),
  },
  (table) => [
    index().on(table.orgId, table.createdAt),
    index().on(table.webhookId, table.createdAt),
    index().on(table.status, table.nextAttemptAt),
  ],
);

export const orgSettings = pgTable("org_settings", {
  orgId: orgId().primaryKey(),
  recordTranscripts: boolean().notNull().default(true),
  recordEvents: boolean().notNull().default(true),
  recordAudio: boolean().notNull().default(false),
  /** Null: kept until deleted. */
  transcriptDays: integer(),
  audioDays: integer(),
  currency: text().notNull().default("USD"),
  updatedAt: createdAt(),
});
