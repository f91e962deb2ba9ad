/** Starts the embedded PostgreSQL (PGlite) behind a socket that only this user can reach. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import { DatabaseStartError } from "../errors";
import { lockDirectory } from "./lock";

export interface EmbeddedServer {
  readonly socket: string;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where the data is kept. Undefined: in memory. */
  readonly dataDir: string | undefined;
  /** Told when it dies by itself. */
  readonly onFault?: (error: Error) => void;
  readonly maxConnections?: number;
}

/** @throws DatabaseStartError */
export async function startEmbedded({
  dataDir,
  onFault,
  maxConnections = 8,
}: EmbeddedOptions): Promise<EmbeddedServer> {
  const lock = dataDir === undefined ? undefined : await lockDirectory(join(dataDir, "lock"));
  // Sockets have short paths, so not under the data folder; the folder made here is this user's alone.
  const folder = process.platform === "win32" ? undefined : await mkdtemp(join(tmpdir(), "antiphon-"));
  const socket = folder === undefined ? `\\\\.\\pipe\\antiphon-${randomUUID()}` : join(folder, "db");
  const cleanUp = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    await lock?.release();
  };
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { dataDir: dataDir === undefined ? undefined : join(dataDir, "pg"), socket, maxConnections },
    execArgv: [],
  });
  try {
    await once(worker, "message");
  } catch (cause) {
    await worker.terminate();
    await cleanUp();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseStartError(
      `The embedded database${dataDir === undefined ? "" : ` under ${dataDir}`} cannot be opened: ${why}`,
      { cause },
    );
  }
  let closing = false;
  worker.on("error", (error) => onFault?.(error));
  worker.on("exit", () => {
    if (!closing) onFault?.(new Error("The embedded database ended by itself."));
  });
  worker.unref();
  return {
    socket,
    close: async () => {
      if (closing) return;
      closing = true;
      worker.ref();
      const ended = once(worker, "exit");
      worker.postMessage("close");
      await ended;
      await cleanUp();
    },
  };
}
