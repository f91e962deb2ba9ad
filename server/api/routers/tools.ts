import { createTool } from "../../../lib/services/tools/create";
import { getTool } from "../../../lib/services/tools/get";
import { listTools } from "../../../lib/services/tools/list";
import { removeTool } from "../../../lib/services/tools/remove";
import { rotateToolSecret } from "../../../lib/services/tools/rotate-secret";
import { updateTool } from "../../../lib/services/tools/update";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const toolsRouter = router({
  list: query(listTools),
  get: query(getTool),
  create: mutation(createTool),
  update: mutation(updateTool),
  rotateSecret: mutation(rotateToolSecret),
  remove: mutation(removeTool),
});
