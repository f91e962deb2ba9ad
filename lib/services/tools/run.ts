import { z } from "zod";
import type { ServiceContext } from "../context";
import { invalid } from "../errors";
import { defineService, followedBy } from "../service";
import { openTool } from "./for-session";
import { requirePace, TRIALS } from "./pace";
import { requireTool } from "./view";

export const trialArguments = z.record(z.string(), z.unknown(), "Arguments are a JSON object.");

/** @throws ServiceError at the field that does not fit. */
export function requireFit(ctx: ServiceContext, schema: Record<string, unknown>, args: unknown): void {
  const problem = ctx.tools.problemOf(schema, args);
  if (problem) throw invalid(problem.message, problem.path === "" ? "arguments" : `arguments.${problem.path}`);
}

const begin = defineService({
  name: TRIALS.tool,
  kind: "mutation",
  scope: "tools:write",
  input: z.strictObject({ id: z.string(), arguments: trialArguments }),
  run: async ({ ctx, tx, input, audit }) => {
    const row = await requireTool(tx, input.id);
    if (row.kind !== "webhook") throw invalid("Only webhooks run here: others are answered elsewhere.", "id");
    const tool = openTool(row, ctx.seal);
    requireFit(ctx, tool.parameters, input.arguments);
    await requirePace(tx, ctx);
    await audit({ target: { type: "tool", id: input.id }, details: { name: row.name } });
    return { tool, args: input.arguments };
  },
});

/** Calls a webhook once, as a session would. */
export const runTool = followedBy(begin, (ctx, { tool, args }) => ctx.tools.callWebhook(tool, args));
