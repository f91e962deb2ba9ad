/** Where operations wait when the database is away for long: lines of JSON in files, up to a cap. */
import { appendFile, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { Batch } from "./write";

export interface SpoolOptions {
  readonly folder: string;
  /** Bytes of all files together. */
  readonly maxBytes: number;
}

/** One file for one batch, so that each is written, or not, as a whole. */
export class Spool {
  private bytes = 0;
  private files: string[] = [];
  private sequence = 0;

  constructor(private readonly options: SpoolOptions) {}

  /** Finds what an earlier process left. */
  async open(): Promise<void> {
    const { folder } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.files = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    for (const name of this.files) this.bytes += (await stat(join(folder, name))).size;
  }

  get waiting(): number {
    return this.files.length;
  }

  /** False when the cap is reached, or the disk does not take it. */
  async put(batch: Batch): Promise<boolean> {
    const text = JSON.stringify(batch);
    const size = Buffer.byteLength(text);
    if (this.bytes + size > this.options.maxBytes) return false;
    this.sequence += 1;
    const name = `${String(Date.now()).padStart(15, "0")}-${String(this.sequence).padStart(9, "0")}-${randomUUID()}.json`;
    try {
      await appendFile(join(this.options.folder, name), text, { mode: 0o600, flag: "wx" });
    } catch {
      await rm(join(this.options.folder, name), { force: true }).catch(() => undefined);
      return false;
    }
    this.bytes += size;
    this.files.push(name);
    return true;
  }

  /** The oldest batch; what cannot be read, torn by a crash, is put aside. */
  async peek(): Promise<Batch | undefined> {
    for (;;) {
      const [name] = this.files;
      if (name === undefined) return undefined;
      try {
        return JSON.parse(await readFile(join(this.options.folder, name), "utf8")) as Batch;
      } catch {
        await this.drop();
      }
    }
  }

  /** Removes the oldest batch. */
  async drop(): Promise<void> {
    const name = this.files.shift();
    if (name === undefined) return;
    const path = join(this.options.folder, name);
    this.bytes -= (await stat(path).catch(() => ({ size: 0 }))).size;
    await rm(path, { force: true });
  }
}
