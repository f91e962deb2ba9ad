/** The embedded PostgreSQL (PGlite) behind a socket that only this user can reach, started anew when it fails. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { DatabaseStartError } from "../errors";
import { createOnce } from "./create";
import { lockDirectory } from "./lock";
import { type DatabaseThread, startThread, type ThreadOptions } from "./thread";

export interface EmbeddedServer {
  readonly socket: string;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where the data is kept. Undefined: in memory. */
  readonly dataDir: string | undefined;
  /** Told when it failed by itself; it is started anew, unless it was in memory. */
  readonly onFault?: (error: Error) => void;
  readonly onRecovered?: () => void;
  readonly maxConnections?: number;
  /** Milliseconds that an open transaction may stand still while others wait. Default: a minute. */
  readonly idleMs?: number;
  /** Milliseconds that one call may take. Default: five minutes, for a migration of much data. */
  readonly busyMs?: number;
}

const MINUTE_MS = 60_000;
/** Between two attempts to start it anew: doubled each time, up to the second. */
const RETRY_MS = [250, 30_000] as const;

/** @throws DatabaseStartError */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDir, maxConnections = 8, idleMs = MINUTE_MS, busyMs = 5 * MINUTE_MS } = options;
  const lock = dataDir === undefined ? undefined : await lockDirectory(join(dataDir, "lock"));
  // Sockets have short paths, so not under the data folder; the folder made here is this user's alone.
  const folder = process.platform === "win32" ? undefined : await mkdtemp(join(tmpdir(), "antiphon-"));
  const socket = folder === undefined ? `\\\\.\\pipe\\antiphon-${randomUUID()}` : join(folder, "db");
  const cleanUp = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    await lock?.release();
  };
  const data = dataDir === undefined ? undefined : join(dataDir, "pg");
  const thread: ThreadOptions = { dataDir: data, socket, maxConnections, idleMs, busyMs };
  try {
    if (data !== undefined) await createOnce(data);
    const supervisor = new Supervisor(thread, options);
    await supervisor.start();
    return {
      socket,
      close: async () => {
        await supervisor.close();
        await cleanUp();
      },
    };
  } catch (cause) {
    await cleanUp();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseStartError(
      `The embedded database${dataDir === undefined ? "" : ` under ${dataDir}`} cannot be opened: ${why}`,
      { cause },
    );
  }
}

/** Keeps a thread running. Clients find the new one at the same socket, and by their own attempts. */
class Supervisor {
  private current: DatabaseThread | undefined;
  private reviving: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly thread: ThreadOptions,
    private readonly told: Pick<EmbeddedOptions, "onFault" | "onRecovered">,
  ) {}

  /** Rejects when the database cannot be opened. */
  async start(): Promise<void> {
    const started = await startThread(this.thread);
    this.current = started;
    void started.died.then((error) => {
      this.current = undefined;
      this.told.onFault?.(error);
      if (this.thread.dataDir !== undefined) this.reviving = this.revive();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.reviving;
    await this.current?.stop();
    this.current = undefined;
  }

  private async revive(): Promise<void> {
    const [first, longest] = RETRY_MS;
    for (let pause: number = first; !this.closed; pause = Math.min(pause * 2, longest)) {
      try {
        await this.start();
        this.told.onRecovered?.();
        return;
      } catch (error) {
        this.told.onFault?.(error instanceof Error ? error : new Error(String(error)));
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, pause).unref();
      });
    }
  }
}
