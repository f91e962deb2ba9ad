/** Tools of the demo: one of each kind, and calls of them in its sessions. */
import { randomInt } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Transaction } from "../db/client";
import { mcpListings, toolCalls, tools as toolTable } from "../db/schema/index";
import type { ServiceContext } from "../services/context";
import { createTool } from "../services/tools/create";

type Call = typeof toolCalls.$inferInsert;

const ORDER = { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] };
const PLACE = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

/** What is called in demo sessions, how likely it fails and how long it takes. */
const CALLED = [
  { by: "client", server: "", name: "find_order", failing: 0.02, ms: 350 },
  { by: "server", server: "", name: "make_label", failing: 0.13, ms: 900 },
  { by: "mcp", server: "town", name: "weather", failing: 0.01, ms: 220 },
  { by: "mcp", server: "town", name: "order_taxi", failing: 0.06, ms: 1_400 },
] as const;

/** Returns the id of the client's own, which the demo's agent uses: nobody is at the addresses of the others. */
export async function addTools(ctx: ServiceContext): Promise<string> {
  const description = "Looks an order up by its number.";
  const order = await createTool({
    ctx,
    input: { kind: "client", name: "find_order", description, parameters: ORDER },
  });
  const label = await createTool({
    ctx,
    input: {
      kind: "webhook",
      name: "make_label",
      description: "Makes a label for a parcel that comes back.",
      parameters: ORDER,
      config: { url: "https://example.com/tools/label" },
    },
  });
  const town = await createTool({
    ctx,
    input: {
      kind: "mcp",
      name: "town",
      description: "Weather and taxis.",
      config: { url: "https://example.com/mcp", approval: { never: { read_only: true } } },
    },
  });
  const tools = [
    { name: "weather", description: "The weather of a city.", inputSchema: PLACE, readOnly: true },
    { name: "order_taxi", description: "Orders a taxi.", inputSchema: PLACE, readOnly: false },
  ];
  const listing = { toolId: town.id, orgId: ctx.org, tools, listedAt: new Date(), durationMs: 180 };
  await ctx.db.tenant(ctx.org, async (tx) => {
    await tx.insert(mcpListings).values(listing);
    // Sealed under a key that ends with this script.
    await tx.update(toolTable).set({ sealedSecret: null }).where(eq(toolTable.id, label.id));
  });
  return order.id;
}

/** A few calls in one session. */
export async function addCalls(
  tx: Transaction,
  session: { orgId: string; sessionId: string; at: Date },
): Promise<void> {
  const { orgId, sessionId, at } = session;
  const rows = Array.from({ length: randomInt(4) }, (_, n): Call => {
    const { failing, ms, ...called } = CALLED[randomInt(CALLED.length)] ?? CALLED[0];
    const failed = randomInt(1_000) < failing * 1_000;
    const outcome = failed ? (called.by === "client" ? "unanswered" : "timeout") : "ok";
    const durationMs = outcome === "unanswered" ? null : (ms * (60 + randomInt(100))) / 100;
    const problem = failed && called.by === "mcp" ? "The MCP server gave no answer within 30000 ms." : null;
    return { ...called, orgId, sessionId, id: `call_demo_${n}`, outcome, problem, durationMs, at };
  });
  if (rows.length > 0) await tx.insert(toolCalls).values(rows);
}
