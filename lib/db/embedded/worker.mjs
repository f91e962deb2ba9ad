/**
 * The embedded database, in a thread of its own: on the main one it would stop every session while it works.
 * Plain JavaScript, so that Node can start it whatever the rest runs under.
 */
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { parentPort, workerData } from "node:worker_threads";

/** @type {{ dataDir: string | undefined, socket: string, maxConnections: number }} */
const { dataDir, socket, maxConnections } = workerData;

const db = await PGlite.create({ dataDir });
const server = new PGLiteSocketServer({ db, path: socket, maxConnections });
await server.start();
parentPort.on("message", async () => {
  await server.stop();
  await db.close();
  parentPort.postMessage("closed");
  parentPort.close();
});
parentPort.postMessage("ready");
