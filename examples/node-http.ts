/** Plain node:http. Run it: npx tsx examples/node-http.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import { engine } from "./engine";

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });

const server = createServer((req, res) => {
  // The REST routes; everything else stays yours.
  realtime.middleware(req, res, () => res.end("My own page\n"));
});
// The WebSocket, at ws://localhost:3000/v1/realtime
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Listening on http://localhost:${port}, key sk-example`));

process.once("SIGTERM", () => {
  void realtime.close({ drainMs: 10_000 }).then(() => server.close());
});
