/** One server at a time on an embedded database, which takes no lock itself and would be torn by two. */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { DatabaseStartError } from "../errors";

export interface DirectoryLock {
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

const BEAT_MS = 5_000;
/** On another host (or container) nobody can look for the process: it is gone when its lock was not touched for so long. */
const SILENT_MS = 20_000;
const held = new Set<string>();

/** Takes the lock, also from a process that died with it. @throws DatabaseStartError when another one has it. */
export async function lockDirectory(file: string): Promise<DirectoryLock> {
  const me: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const draft = `${file}.${me.token}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(me), { mode: 0o600, flag: "wx" });
    await claim(draft, file);
  } catch (cause) {
    if (cause instanceof DatabaseStartError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseStartError(`The database under ${dirname(file)} cannot be locked: ${why}`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
  held.add(me.token);
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS).unref();
  return {
    release: async () => {
      clearInterval(beat);
      held.delete(me.token);
      if ((await ownerOf(file))?.token === me.token) await rm(file, { force: true });
    },
  };
}

/** A link appears whole, or not at all if the name is taken. */
async function claim(draft: string, file: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await link(draft, file);
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!taken || attempt === 5) throw error;
    }
    await clearIfStale(file);
  }
}

async function clearIfStale(file: string): Promise<void> {
  const owner = await ownerOf(file);
  if (owner === undefined || !(await isAlive(owner, file))) return rm(file, { force: true });
  const where = owner.host === hostname() ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
  throw new DatabaseStartError(
    `The database under ${dirname(file)} is in use by another antiphon (${where}): stop that one, set DATA_DIR to ` +
      "another folder, or set DATABASE_URL to a PostgreSQL, which several servers can share.",
  );
}

async function ownerOf(file: string): Promise<Owner | undefined> {
  try {
    const { pid, host, token } = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    if (typeof pid !== "number" || typeof host !== "string" || typeof token !== "string") return undefined;
    return { pid, host, token };
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, host, token }: Owner, file: string): Promise<boolean> {
  if (host !== hostname()) {
    const touched = await stat(file).catch(() => undefined);
    return touched !== undefined && Date.now() - touched.mtimeMs < SILENT_MS;
  }
  // A restarted container has the same process number again.
  if (pid === process.pid) return held.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
