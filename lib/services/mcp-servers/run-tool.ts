import { z } from "zod";
import { invalid } from "../errors";
import { defineService, followedBy } from "../service";
import { openTool } from "../tools/for-session";
import { requirePace, TRIALS } from "../tools/pace";
import { requireFit, trialArguments } from "../tools/run";
import { listingOf, requireMcpServer } from "./view";

const begin = defineService({
  name: TRIALS.mcpTool,
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string(), name: z.string().max(200), arguments: trialArguments }),
  run: async ({ ctx, tx, input, audit }) => {
    const row = await requireMcpServer(tx, input.id);
    const tool = (await listingOf(tx, row.id))?.tools?.find(({ name }) => name === input.name);
    if (tool === undefined) throw invalid("The server has listed no such tool.", "name");
    requireFit(ctx, tool.inputSchema, input.arguments);
    await requirePace(tx, ctx);
    await audit({ target: { type: "tool", id: row.id }, details: { name: row.name, tool: tool.name } });
    return { server: openTool(row, ctx.seal), call: { name: tool.name, args: input.arguments } };
  },
});

/** Calls one tool of a server, as a session would, without asking anybody: whoever tries it has decided. */
export const runMcpTool = followedBy(begin, (ctx, { server, call }) => ctx.tools.callMcpTool(server, call));
