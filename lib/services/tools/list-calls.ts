import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { toolCalls } from "../../db/schema/index";
import { defineService } from "../service";

/** The latest calls of a tool, or of all tools of an MCP server. */
export const listToolCalls = defineService({
  name: "tools.calls",
  kind: "query",
  scope: "sessions:read",
  input: z.strictObject({
    by: z.enum(["client", "server", "mcp"]),
    /** Label of an MCP server. */
    server: z.string().default(""),
    name: z.string().optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  run: ({ ctx, tx, input: { by, server, name, limit } }) => {
    const { sessionId, id, outcome, problem, durationMs, at } = toolCalls;
    return tx
      .select({ sessionId, id, name: toolCalls.name, outcome, problem, durationMs, at })
      .from(toolCalls)
      .where(
        and(
          eq(toolCalls.orgId, ctx.org),
          eq(toolCalls.by, by),
          eq(toolCalls.server, server),
          name === undefined ? undefined : eq(toolCalls.name, name),
        ),
      )
      .orderBy(desc(at))
      .limit(limit);
  },
});
