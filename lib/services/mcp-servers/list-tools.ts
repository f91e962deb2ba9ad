import { eq } from "drizzle-orm";
import { z } from "zod";
import { mcpListings, tools } from "../../db/schema/index";
import type { ServiceContext } from "../context";
import { defineService, followedBy } from "../service";
import { openTool } from "../tools/for-session";
import { requirePace, TRIALS } from "../tools/pace";
import type { McpLook } from "../tools/runner";
import { requireMcpServer } from "./view";

const begin = defineService({
  name: TRIALS.listing,
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string() }),
  run: async ({ ctx, tx, input, audit }) => {
    const row = await requireMcpServer(tx, input.id);
    await requirePace(tx, ctx);
    await audit({ target: { type: "tool", id: row.id }, details: { name: row.name } });
    return { id: row.id, server: openTool(row, ctx.seal) };
  },
});

/** Connects to a server, asks for its tools and keeps what came of it. A server that fails is an answer, not an error. */
export const listMcpTools = followedBy(begin, async (ctx, { id, server }) => {
  const look = await ctx.tools.listMcpTools(server);
  await keep(ctx, id, look);
  return look.ok ? { ok: true as const, tools: look.tools.length } : { ok: false as const, problem: look.message };
});

async function keep({ db, org }: ServiceContext, toolId: string, look: McpLook): Promise<void> {
  const checkedAt = new Date();
  const { durationMs } = look;
  const set = look.ok
    ? { tools: look.tools, listedAt: checkedAt, checkedAt, problem: null, durationMs }
    : { checkedAt, problem: look.message, durationMs };
  await db.tenant(org, async (tx) => {
    // It may have been deleted meanwhile.
    const still = await tx.select({ id: tools.id }).from(tools).where(eq(tools.id, toolId)).for("key share");
    if (still.length === 0) return;
    await tx
      .insert(mcpListings)
      .values({ toolId, orgId: org, ...set })
      .onConflictDoUpdate({ target: mcpListings.toolId, set });
  });
}
