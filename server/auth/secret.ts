/** What logins are signed with: made at the first start and kept in the data folder, or the same on all servers. */
import { hkdfSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePrivate } from "../data-dir";
import { describe, StartError, systemCode } from "../start-error";

/** `shared`: ANTIPHON_SECRET. Without it, deleting the file ends every login. Throws `StartError`. */
export async function authSecret(dataDir: string, shared: string | undefined): Promise<string> {
  if (shared !== undefined)
    return Buffer.from(hkdfSync("sha256", shared, "antiphon", "logins", 48)).toString("base64url");
  const file = join(dataDir, "auth-secret");
  try {
    const kept = (await readFile(file, "utf8")).trim();
    if (kept.length >= 32) return kept;
    throw new StartError(
      `${file} holds no usable secret: delete it to have a new one made; everybody then logs in again.`,
    );
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    if (systemCode(cause) !== "ENOENT")
      throw new StartError(`Cannot read ${file} (${systemCode(cause) ?? describe(cause)}): check its permissions.`, {
        cause,
      });
  }
  const secret = randomBytes(48).toString("base64url");
  await writePrivate(file, `${secret}\n`);
  return secret;
}
