/** One life of the thread that the embedded database runs in. */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** Undefined: in memory. */
  readonly dataDir: string | undefined;
  readonly socket: string;
  readonly maxConnections: number;
  /** A transaction that stands still for so long, while others wait, is a fault. */
  readonly idleMs: number;
  /** So is a call that takes so long. */
  readonly busyMs: number;
}

export interface DatabaseThread {
  /** Resolves with the reason when it ends by itself; never after `stop`. */
  readonly died: Promise<Error>;
  stop(): Promise<void>;
}

/** Until it is ended as it stands, which the data survives. */
const STOP_MS = 10_000;

/** Rejects when the database cannot be opened. */
export async function startThread({ busyMs, ...options }: ThreadOptions): Promise<DatabaseThread> {
  // What an earlier life left there would be in the way.
  if (process.platform !== "win32") await rm(options.socket, { force: true });
  const calls = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { ...options, calls },
    execArgv: [],
  });
  try {
    const [ready] = (await once(worker, "message")) as [unknown];
    if (ready !== "ready") throw new Error("It ended while it was opened.");
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  worker.unref();
  let stopping = false;
  const died = new Promise<Error>((resolve) => {
    let reason: Error | undefined;
    const end = (error: Error): void => {
      clearInterval(watch);
      reason ??= error;
      if (!stopping) void worker.terminate().then(() => resolve(reason ?? error));
    };
    const watch = watchCalls(calls, busyMs, () => end(new Error(`A call took more than ${busyMs / 1000} seconds.`)));
    if (options.dataDir === undefined) clearInterval(watch);
    let fault = "The thread ended by itself.";
    worker.on("message", (message: { readonly fault?: string }) => (fault = message.fault ?? fault));
    worker.once("error", end);
    worker.once("exit", () => end(new Error(fault)));
  });
  return {
    died,
    stop: async () => {
      stopping = true;
      worker.ref();
      const ended = once(worker, "exit");
      worker.postMessage("close");
      const late = setTimeout(() => void worker.terminate(), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** From outside, because a thread that is busy cannot look at itself. */
function watchCalls(calls: Int32Array, busyMs: number, onStuck: () => void): NodeJS.Timeout {
  let [seen, since] = [-1, 0];
  return setInterval(() => {
    const [begun, ended] = [Atomics.load(calls, 0), Atomics.load(calls, 1)];
    if (begun === ended || begun !== seen) [seen, since] = [begun, Date.now()];
    else if (Date.now() - since >= busyMs) onStuck();
  }, busyMs / 4).unref();
}
