/** A host in plain JavaScript, as the README has it. */
import { createRealtimeHandler, apiKeys, pipeline } from "antiphon";
import { createOffline } from "antiphon/providers/local";
import express from "express";

const engine = pipeline({ llm: createOffline() });
const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-mine"]) });
const app = express().use(realtime.middleware);
const server = app.listen(0, "127.0.0.1", () => console.log(`Port ${server.address().port}`));
realtime.attach(server);
