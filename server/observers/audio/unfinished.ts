/**
 * Recordings that are not finished: an empty file for each session, from before its first sound until its rows are in the
 * database. Whoever records it touches the file now and then; one that nobody touches was left by a process that is gone.
 */
import { mkdir, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

export interface RecordedSession {
  readonly org: string;
  readonly session: string;
}

/** No id has it. */
const BETWEEN = ".";

export class UnfinishedRecordings {
  constructor(private readonly folder: string) {}

  async begin(session: RecordedSession): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await (await open(this.pathOf(session), "a", 0o600)).close();
  }

  /** A sign of life. */
  async touch(sessions: Iterable<RecordedSession>): Promise<void> {
    const now = new Date();
    for (const session of sessions) {
      try {
        await utimes(this.pathOf(session), now, now);
      } catch (error) {
        // Finished meanwhile.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  }

  /** Those without a sign of life for so long. */
  async silent(ms: number): Promise<RecordedSession[]> {
    const names = await readdir(this.folder).catch(() => []);
    const silent: RecordedSession[] = [];
    for (const name of names) {
      const [org, session, ...more] = name.split(BETWEEN);
      if (!org || !session || more.length > 0) continue;
      const found = await stat(join(this.folder, name)).catch(() => undefined);
      if (found !== undefined && found.mtimeMs < Date.now() - ms) silent.push({ org, session });
    }
    return silent;
  }

  async end(session: RecordedSession): Promise<void> {
    await rm(this.pathOf(session), { force: true });
  }

  private pathOf({ org, session }: RecordedSession): string {
    return join(this.folder, `${org}${BETWEEN}${session}`);
  }
}
