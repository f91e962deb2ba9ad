import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, orgId, time } from "./columns";

export const agents = pgTable(
  "agents",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    name: text().notNull(),
    description: text().notNull().default(""),
    /** The latest version. */
    version: integer().notNull(),
    archivedAt: time(),
    updatedAt: createdAt(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId, table.updatedAt)],
);

/** Every save, whole. Nothing here is ever changed. */
export const agentVersions = pgTable(
  "agent_versions",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    agentId: text()
      .notNull()
      .references(() => agents.id, { onDelete: "cascade" }),
    version: integer().notNull(),
    config: jsonb().notNull(),
    note: text().notNull().default(""),
    createdBy: text(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.agentId, table.version), index().on(table.orgId)],
);

export const tools = pgTable(
  "tools",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    name: text().notNull(),
    description: text().notNull().default(""),
    kind: text({ enum: ["client", "webhook", "mcp"] }).notNull(),
    /** A JSON Schema of the arguments; for MCP servers, which list their own, an empty one. */
    parameters: jsonb().notNull(),
    /** What the kind needs: a URL, timeouts, approvals. No secrets. */
    config: jsonb().notNull(),
    /** What calls are signed or authorised with, sealed. */
    sealedSecret: text(),
    enabled: boolean().notNull().default(true),
    updatedAt: createdAt(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.orgId, table.name)],
);
