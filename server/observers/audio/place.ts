/** What tells a folder of recordings from those of other servers on the same database: a name that lies in it. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const LOOKS = 20;
const BETWEEN_MS = 50;

/** Made at first, by the first of those who share the folder. */
export async function placeOf(folder: string): Promise<string> {
  const file = join(folder, "place");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, randomUUID(), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  for (let look = 0; look < LOOKS; look += 1) {
    const place = await readFile(file, "utf8");
    if (place !== "") return place;
    // Another server has made it, and is about to write.
    await setTimeout(BETWEEN_MS);
  }
  throw new Error(`${file} is empty: delete it, and another one is made.`);
}
