import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
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
    /** Headers that calls carry, sealed: they mostly are keys. */
    sealedHeaders: text(),
    /** What calls are signed or authorised with, sealed. */
    sealedSecret: text(),
    enabled: boolean().notNull().default(true),
    updatedAt: createdAt(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.orgId, table.name)],
);

/** What an MCP server told of its tools when somebody last looked, and whether it answered. */
export const mcpListings = pgTable(
  "mcp_listings",
  {
    toolId: text()
      .primaryKey()
      .references(() => tools.id, { onDelete: "cascade" }),
    orgId: orgId(),
    /** The last list that came, kept when a later attempt fails. */
    tools: jsonb().$type<readonly ListedMcpTool[]>(),
    listedAt: time(),
    checkedAt: createdAt(),
    /** Why the last attempt failed; null: it did not. */
    problem: text(),
    durationMs: doublePrecision().notNull(),
  },
  (table) => [index().on(table.orgId)],
);

export interface ListedMcpTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** As the server itself says. */
  readonly readOnly: boolean;
}
