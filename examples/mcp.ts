/** Tools on MCP servers, which clients name in their sessions. Run it: npx tsx examples/mcp.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import { mcpConnector } from "antiphon/providers/mcp";
import { engine } from "./engine";

const realtime = createRealtimeHandler({
  engine,
  authenticate: apiKeys(["sk-example"]),
  // Whoever holds a key may have any URL called. Give a `fetch` that refuses private addresses where they are strangers.
  mcp: { connect: mcpConnector() },
});

const server = createServer(realtime.middleware);
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/v1, key sk-example`));
