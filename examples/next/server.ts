/** A custom Next server. Run it: npx tsx examples/next/server.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import next from "next";
import { engine } from "../engine";

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });

// Next listens for upgrades on the server that it is given, and would end other WebSockets: it gets one of its own.
const decoy = createServer();
const app = next({ dev: process.env.NODE_ENV !== "production", dir: import.meta.dirname, httpServer: decoy });
await app.prepare();
const page = app.getRequestHandler();

const server = createServer((req, res) => realtime.middleware(req, res, () => void page(req, res)));
server.on("upgrade", (req, socket, head) => {
  if (realtime.handleUpgrade(req, socket, head)) return;
  // Hot reload; whatever nobody takes would hang.
  if (req.url?.startsWith("/_next/")) decoy.emit("upgrade", req, socket, head);
  else socket.destroy();
});

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Listening on http://localhost:${port}, key sk-example`));
