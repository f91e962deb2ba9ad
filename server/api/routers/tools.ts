import { createTool } from "../../../lib/services/tools/create";
import { getTool } from "../../../lib/services/tools/get";
import { listToolCalls } from "../../../lib/services/tools/list-calls";
import { listTools } from "../../../lib/services/tools/list";
import { removeTool } from "../../../lib/services/tools/remove";
import { rotateToolSecret } from "../../../lib/services/tools/rotate-secret";
import { runTool } from "../../../lib/services/tools/run";
import { updateTool } from "../../../lib/services/tools/update";
import { getToolUsage } from "../../../lib/services/tools/usage";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const toolsRouter = router({
  list: query(listTools),
  get: query(getTool),
  create: mutation(createTool),
  update: mutation(updateTool),
  rotateSecret: mutation(rotateToolSecret),
  remove: mutation(removeTool),
  run: mutation(runTool),
  usage: query(getToolUsage),
  calls: query(listToolCalls),
});
