import { z } from "zod";
import { defineService } from "../service";
import { sampleArguments } from "./sample";
import { requireTool, viewTool } from "./view";

export const getTool = defineService({
  name: "tools.get",
  kind: "query",
  scope: "tools:read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input }) => {
    const tool = viewTool(await requireTool(tx, input.id));
    return { ...tool, sample: sampleArguments(tool.parameters) };
  },
});
