/** What secrets in the database are sealed with: the operator's own, or one kept in the data folder. */
import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../../lib/db/client";
import { installation } from "../../lib/db/schema/index";
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

/** Several servers on one database must open each other's secrets. Throws `StartError` when this one could not. */
export async function requireCommonSecret(db: Pick<Database, "system">, secret: string): Promise<void> {
  const secretCheck = createHmac("sha256", secret).update("antiphon installation").digest("base64url");
  const [known] = await db.system(async (tx) => {
    await tx.insert(installation).values({ id: 1, secretCheck }).onConflictDoNothing();
    return tx.select().from(installation);
  });
  if (known?.secretCheck !== secretCheck)
    throw new StartError(
      "The secrets in this database were sealed under another secret: set ANTIPHON_SECRET to the same value on every " +
        "server that shares the database (the first one's is in the file secret of its DATA_DIR, if it was not set there).",
    );
}
