import { z } from "zod";
import { defineService } from "../service";
import { requireTool, viewTool } from "./view";

export const getTool = defineService({
  name: "tools.get",
  kind: "query",
  scope: "tools:read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ tx, input }) => viewTool(await requireTool(tx, input.id)),
});
