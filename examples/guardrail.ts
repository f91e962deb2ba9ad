/** A guardrail, which hears each clause before it is spoken. Run it: npx tsx examples/guardrail.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler, type Guardrail } from "antiphon";
import { engine } from "./engine";

/** Card numbers are never said. */
const cards: Guardrail = {
  name: "cards",
  check: ({ text }) => (/(?:\d[ -]?){12,}/.test(text) ? { replace: "That number I keep to myself. " } : "pass"),
};

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]), guardrails: [cards] });

const server = createServer(realtime.middleware);
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/v1, key sk-example`));
