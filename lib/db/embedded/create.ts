/** Makes the embedded database at the first start. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./initdb.mjs", import.meta.url));

/** Makes a database in `folder`, whole or not at all. Does nothing when there is one. */
export async function createOnce(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const child = fork(SCRIPT, [draft], { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const said = child.stderr === null ? "" : text(child.stderr);
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true });
    const last = (await said).match(/^\w*Error: .*$/m)?.[0];
    throw new Error(last ?? `Making it ended with ${signal ?? `exit code ${code}`}.`);
  }
  await rename(draft, folder);
}
