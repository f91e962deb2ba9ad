/** The same host in CommonJS. */
const { createRealtimeHandler, apiKeys, pipeline } = require("antiphon");
const { createOffline } = require("antiphon/providers/local");
const express = require("express");

const engine = pipeline({ llm: createOffline() });
const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-mine"]) });
const app = express().use(realtime.middleware);
const server = app.listen(0, "127.0.0.1", () => console.log(`Port ${server.address().port}`));
realtime.attach(server);
