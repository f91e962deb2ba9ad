import { randomUUID } from "node:crypto";
import { access, constants, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, StartError, systemCode } from "./start-error";

/**
 * Makes the data folder (and the named one in it) for this user alone, and returns its absolute path.
 * Throws `StartError` when it cannot be made or written.
 */
export async function openDataDir(dataDir: string, folder = "."): Promise<string> {
  const path = resolve(dataDir, folder);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK | constants.X_OK);
    return path;
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Writes a file that only this user may read, whole or not at all. Throws `StartError`. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): StartError {
  const why = systemCode(cause) ?? describe(cause);
  return new StartError(
    `Cannot write to ${path} (${why}): give this user the right to write there, or set DATA_DIR to another folder.`,
    { cause },
  );
}
