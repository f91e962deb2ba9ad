import {
  bigint,
  boolean,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, orgId, time } from "./columns";

const count = () => bigint({ mode: "number" }).notNull().default(0);

/** Sums by day (UTC), key, agent and model. Empty text stands for "none", so that the key has no nulls. */
export const usage = pgTable(
  "usage",
  {
    orgId: orgId(),
    day: date({ mode: "string" }).notNull(),
    keyId: text().notNull().default(""),
    agentId: text().notNull().default(""),
    model: text().notNull(),
    sessions: count(),
    responses: count(),
    failedResponses: count(),
    errors: count(),
    durationMs: count(),
    inputTextTokens: count(),
    inputAudioTokens: count(),
    cachedTokens: count(),
    outputTextTokens: count(),
    outputAudioTokens: count(),
    costMicros: count(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.day, table.keyId, table.agentId, table.model] })],
);

const price = () => bigint({ mode: "number" }).notNull().default(0);

/** What a million tokens cost, in millionths of the currency. A model without a row is free. */
export const prices = pgTable(
  "prices",
  {
    orgId: orgId(),
    model: text().notNull(),
    inputText: price(),
    inputAudio: price(),
    cached: price(),
    outputText: price(),
    outputAudio: price(),
    /** Of a minute of session. */
    minute: price(),
    updatedAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.model] })],
);

/** What an organisation, a key or an agent may use. Null: the default, or no limit where there is none. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    subject: text({ enum: ["organisation", "key", "agent"] }).notNull(),
    /** Of the key or agent; the organisation's own id for it. */
    subjectId: text().notNull(),
    requestsPerMinute: integer(),
    tokensPerMinute: integer(),
    concurrentSessions: integer(),
    minutesPerDay: integer(),
    minutesPerMonth: integer(),
    costPerDayMicros: bigint({ mode: "number" }),
    costPerMonthMicros: bigint({ mode: "number" }),
    updatedAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.orgId, table.subject, table.subjectId)],
);

export const budgets = pgTable(
  "budgets",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    name: text().notNull(),
    period: text({ enum: ["day", "month"] }).notNull(),
    amountMicros: bigint({ mode: "number" }).notNull(),
    /** Share of the amount that raises an alert. */
    alertAt: real().notNull().default(0.8),
    enabled: boolean().notNull().default(true),
    /** First day of the period that was last alerted of. */
    alertedFor: date({ mode: "string" }),
    alertedAt: time(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId)],
);
