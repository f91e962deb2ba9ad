/**
 * The embedded database, in a thread of its own: on the main one it would stop every session while it works.
 * Plain JavaScript, so that Node can start it whatever the rest runs under.
 */
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { parentPort, workerData } from "node:worker_threads";

/** @type {{ dataDir: string | undefined, socket: string, maxConnections: number, calls: Int32Array, idleMs: number }} */
const { dataDir, socket, maxConnections, calls, idleMs } = workerData;
const [BEGUN, ENDED] = [0, 1];
/** How PGlite says that a statement failed, which is no fault of its own. */
const STATEMENT_FAILED = 100;

const db = await PGlite.create({ dataDir });
failLoudly();
const server = new PGLiteSocketServer({ db, path: socket, maxConnections });
await server.start();
// Undefined: in memory, where a new start would lose everything.
const watch = dataDir === undefined ? undefined : setInterval(watchQueue(), idleMs / 4).unref();
parentPort.on("message", async () => {
  clearInterval(watch);
  await server.stop();
  await db.close();
  parentPort.postMessage("closed");
  parentPort.close();
});
parentPort.postMessage("ready");

/**
 * PGlite passes over a trap of its own code, at worst for ever, and its socket server never answers again after a call
 * that threw. Either way the thread ends here and tells no client anything more; a new one recovers the data.
 */
function failLoudly() {
  const run = db.Module?._PostgresMainLoopOnce;
  if (typeof run === "function")
    db.Module._PostgresMainLoopOnce = () => {
      try {
        return run();
      } catch (error) {
        if (error?.status !== STATEMENT_FAILED) die(error);
        throw error;
      }
    };
  const call = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = async (message, options) => {
    Atomics.add(calls, BEGUN, 1);
    await call(message, options).catch(die);
    Atomics.add(calls, ENDED, 1);
  };
}

function die(error) {
  parentPort.postMessage({ fault: String(error?.message ?? error) });
  process.exit(1);
}

/** Somebody waits, and nothing was asked for long: whoever holds the open transaction does not end it. */
function watchQueue() {
  let [seen, since] = [-1, 0];
  return () => {
    const ended = Atomics.load(calls, ENDED);
    const stuck = server.getStats().queuedQueries > 0 && ended === seen;
    if (!stuck) [seen, since] = [ended, Date.now()];
    else if (Date.now() - since >= idleMs) die("A transaction was left open while others waited.");
  };
}
