/** Agents by id, one of which hands over to the other. Run it: npx tsx examples/agents.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler, type StoredPrompt } from "antiphon";
import { engine } from "./engine";

const agents: Record<string, StoredPrompt> = {
  desk: {
    session: { instructions: "You are the front desk of {{hotel}}. Be brief." },
    handoffs: [{ name: "kitchen", description: "Transfer to the kitchen, for food.", prompt: { id: "kitchen" } }],
  },
  kitchen: { session: { instructions: "You are the kitchen. Take orders." } },
};

const realtime = createRealtimeHandler({
  engine,
  authenticate: apiKeys(["sk-example"]),
  prompts: { find: (id) => agents[id] },
});

const server = createServer(realtime.middleware);
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/v1, key sk-example`));
