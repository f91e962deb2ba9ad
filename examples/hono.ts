/** Hono on Node. Run it: npx tsx examples/hono.ts */
import { serve } from "@hono/node-server";
import { apiKeys, createRealtimeHandler } from "antiphon";
import { Hono } from "hono";
import { engine } from "./engine";

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });

const app = new Hono();
app.all("/v1/*", (c) => realtime.fetch(c.req.raw));
app.get("/", (c) => c.text("My own page\n"));

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}, key sk-example`);
});
realtime.attach(server);
