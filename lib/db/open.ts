/** Opens the database that the environment names, ready to use: the tables made or brought up to date. */
import { type ConnectOptions, connect, type Database } from "./client";
import { startEmbedded } from "./embedded/server";
import { DatabaseStartError } from "./errors";
import { migrate, migrationsFolder } from "./migrate";

export interface OpenOptions {
  /** A PostgreSQL of the operator's. Undefined: the embedded one. */
  readonly url: string | undefined;
  /** Where the embedded one keeps its data. Undefined: in memory. */
  readonly dataDir: string | undefined;
  /** The folder that holds `drizzle/`. */
  readonly root: string;
  /** Told when the embedded one failed by itself, and when it answers again. */
  readonly onFault?: (error: Error) => void;
  readonly onRecovered?: () => void;
}

export interface OpenedDatabase extends Database {
  readonly kind: "postgresql" | "embedded";
}

/** @throws DatabaseStartError for everything that the operator can fix. */
export async function openDatabase({ url, dataDir, root, ...told }: OpenOptions): Promise<OpenedDatabase> {
  const folder = migrationsFolder(root);
  if (url !== undefined) {
    const db = connect({ target: { url } });
    await ready(db, { url }, folder);
    return { ...db, kind: "postgresql" };
  }
  const embedded = await startEmbedded({ dataDir, ...told });
  const db = connect({ target: { socket: embedded.socket } });
  const close = async (): Promise<void> => {
    await db.close();
    await embedded.close();
  };
  try {
    await ready(db, { socket: embedded.socket }, folder);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...db, close, kind: "embedded" };
}

const OLDEST = 150_000;

async function ready(db: Database, target: ConnectOptions["target"], folder: string): Promise<void> {
  try {
    await requireVersion(db);
    await migrate(db, folder);
  } catch (error) {
    await db.close();
    if (error instanceof DatabaseStartError || !("url" in target)) throw error;
    throw new DatabaseStartError(`DATABASE_URL (${shown(target.url)}) cannot be used: ${reason(error)}.`, {
      cause: error,
    });
  }
}

async function requireVersion(db: Database): Promise<void> {
  const version = await db.system(async (tx) => {
    const [row] = await tx.execute<{ server_version_num: string }>("show server_version_num");
    return Number(row?.server_version_num ?? 0);
  });
  if (version < OLDEST)
    throw new DatabaseStartError(
      `DATABASE_URL names a PostgreSQL ${Math.floor(version / 10_000)}: antiphon needs version 15 or newer.`,
    );
}

/** The URL without its password. */
function shown(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return "no URL";
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  switch (code) {
    case "ECONNREFUSED":
      return "nothing answers there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its host name is not known";
    case "CONNECT_TIMEOUT":
    case "CONNECTION_BUSY":
      return "it did not answer within 10 seconds";
    case "28P01":
    case "28000":
      return "the user or the password is wrong";
    case "3D000":
      return "there is no such database";
    case "42501":
      return "the user may not make tables or roles there: let it own the database, and CREATE ROLE antiphon_app NOLOGIN; GRANT antiphon_app TO it";
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
