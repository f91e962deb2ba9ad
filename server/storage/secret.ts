/** What secrets in the database are sealed with: the operator's own, or one kept in the data folder. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDataDir, writePrivate } from "../data-dir";
import { describe, StartError, systemCode } from "../start-error";

/** Throws `StartError`. */
export async function sealingSecret(configured: string | undefined, dataDir: string): Promise<string> {
  if (configured !== undefined) return configured;
  const file = join(dataDir, "secret");
  try {
    const kept = (await readFile(file, "utf8")).trim();
    if (kept.length >= 16) return kept;
    throw new StartError(`${file} holds no usable secret: restore it, or set ANTIPHON_SECRET.`);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    if (systemCode(cause) !== "ENOENT")
      throw new StartError(`Cannot read ${file} (${systemCode(cause) ?? describe(cause)}): check its permissions.`, {
        cause,
      });
  }
  const secret = randomBytes(32).toString("base64url");
  await openDataDir(dataDir);
  await writePrivate(file, `${secret}\n`);
  return secret;
}
