import { archiveAgent } from "../../../lib/services/agents/archive";
import { createAgent } from "../../../lib/services/agents/create";
import { getAgent } from "../../../lib/services/agents/get";
import { listAgents } from "../../../lib/services/agents/list";
import { listAgentVersions } from "../../../lib/services/agents/list-versions";
import { restoreAgent } from "../../../lib/services/agents/restore";
import { saveAgent } from "../../../lib/services/agents/save";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const agentsRouter = router({
  list: query(listAgents),
  get: query(getAgent),
  versions: query(listAgentVersions),
  create: mutation(createAgent),
  save: mutation(saveAgent),
  restore: mutation(restoreAgent),
  archive: mutation(archiveAgent),
});
