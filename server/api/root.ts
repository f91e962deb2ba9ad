/** Every procedure that pages may call. */
import { accountRouter } from "./routers/account";
import { agentsRouter } from "./routers/agents";
import { auditRouter } from "./routers/audit";
import { doorRouter } from "./routers/door";
import { keysRouter } from "./routers/keys";
import { mcpServersRouter } from "./routers/mcp-servers";
import { organisationsRouter } from "./routers/organisations";
import { playgroundRouter } from "./routers/playground";
import { sessionsRouter } from "./routers/sessions";
import { pricesRouter, settingsRouter } from "./routers/settings";
import { teamRouter } from "./routers/team";
import { toolsRouter } from "./routers/tools";
import { limitsRouter, usageRouter } from "./routers/usage";
import { webhooksRouter } from "./routers/webhooks";
import { router } from "./trpc";

export const appRouter = router({
  account: accountRouter,
  agents: agentsRouter,
  audit: auditRouter,
  door: doorRouter,
  keys: keysRouter,
  limits: limitsRouter,
  mcpServers: mcpServersRouter,
  organisations: organisationsRouter,
  playground: playgroundRouter,
  prices: pricesRouter,
  sessions: sessionsRouter,
  settings: settingsRouter,
  team: teamRouter,
  tools: toolsRouter,
  usage: usageRouter,
  webhooks: webhooksRouter,
});

export type AppRouter = typeof appRouter;
