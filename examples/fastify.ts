/** Fastify 5. Run it: npx tsx examples/fastify.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import fastify from "fastify";
import { engine } from "./engine";

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });

const app = fastify({
  // In front of Fastify, which sees only what the handler does not know.
  serverFactory: (handle) => createServer((req, res) => realtime.middleware(req, res, () => handle(req, res))),
});
app.get("/", () => "My own page\n");
app.addHook("onClose", () => realtime.close());

await app.ready();
realtime.attach(app.server);

const port = Number(process.env.PORT ?? 3000);
await app.listen({ port });
console.log(`Listening on http://localhost:${port}, key sk-example`);
