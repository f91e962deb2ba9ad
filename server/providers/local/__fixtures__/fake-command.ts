import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test's programs, models and recordings. */
export class Scratch {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), "antiphon-test-")));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a shell script that may be run. `$LOG` in it is a file that `log()` reads. */
  async command(name: string, body: string): Promise<string> {
    await mkdir(this.path("bin"), { recursive: true });
    const file = this.path("bin", name);
    await writeFile(file, `#!/bin/sh\nLOG='${this.path("log")}'\n${body}\n`);
    await chmod(file, 0o755);
    return file;
  }

  async log(): Promise<string[]> {
    const text = await readFile(this.path("log"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Whether a process of this id runs. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until it holds, for five seconds at most. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not come true within five seconds.");
}
