/** Express 5, under a sub-path and behind a body parser. Run it: npx tsx examples/express.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import express from "express";
import { engine } from "./engine";

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });

const app = express();
app.use(express.json());
app.use("/voice", realtime.middleware);
app.get("/", (_req, res) => void res.send("My own page\n"));

const server = createServer(app);
// Upgrades do not pass through Express, so the whole path is named here.
realtime.attach(server, { path: "/voice/v1/realtime" });

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/voice/v1, key sk-example`));
