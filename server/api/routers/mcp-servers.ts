import { getMcpServer } from "../../../lib/services/mcp-servers/get";
import { listMcpServers } from "../../../lib/services/mcp-servers/list";
import { listMcpTools } from "../../../lib/services/mcp-servers/list-tools";
import { runMcpTool } from "../../../lib/services/mcp-servers/run-tool";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

/** They are made, changed and removed as tools of their kind. */
export const mcpServersRouter = router({
  list: query(listMcpServers),
  get: query(getMcpServer),
  listTools: mutation(listMcpTools),
  runTool: mutation(runMcpTool),
});
