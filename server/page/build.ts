/** Next's build: whether there is a current one, and how to make it. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { StartError } from "../start-error";

/** What a build is made of; a newer file makes it stale. */
const SOURCES = ["app", "lib", "public", "server/api"];
const SOURCE_FILES = [
  "next.config.mjs",
  "postcss.config.mjs",
  "tsconfig.json",
  "tsconfig.next.json",
  "package-lock.json",
];

/** Whether `dir` holds a build that is newer than everything it was made from. */
export async function isBuildCurrent(dir: string): Promise<boolean> {
  const built = await modified(join(dir, ".next", "BUILD_ID"));
  if (built === undefined) return false;
  const newest = await Promise.all([
    ...SOURCE_FILES.map((file) => modified(join(dir, file))),
    ...SOURCES.map((folder) => newestIn(join(dir, folder))),
  ]);
  return newest.every((time) => time === undefined || time <= built);
}

async function modified(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** The folders count too: theirs is the only trace of a file that was deleted. */
async function newestIn(folder: string): Promise<number | undefined> {
  const own = await modified(folder);
  if (own === undefined) return undefined;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const times = await Promise.all(
    entries
      .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => modified(join(entry.parentPath, entry.name))),
  );
  return Math.max(own, ...times.map((time) => time ?? 0));
}

export interface BuildRun {
  /** Rejects with a `StartError` that ends with what the build said. */
  readonly done: Promise<void>;
  stop(): void;
}

const KEPT_OUTPUT = 4000;

/**
 * Runs `next build` in `dir` as a process of its own: it takes seconds of CPU that live sessions must not miss.
 * Throws `StartError` when Next is not installed.
 */
export function runBuild(dir: string): BuildRun {
  const child = spawn(process.execPath, [findNext(dir), "build"], {
    cwd: dir,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-KEPT_OUTPUT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  const done = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", stop);
      if (code === 0) resolve();
      else
        reject(
          new StartError(`The page could not be built. next build said:\n${stripVTControlCharacters(output).trim()}`),
        );
    });
  });
  return { done, stop };
}

function findNext(dir: string): string {
  try {
    return createRequire(join(dir, "package.json")).resolve("next/dist/bin/next");
  } catch (cause) {
    throw new StartError("Next is not installed: run npm ci, or serve the API alone with npx antiphon serve.", {
      cause,
    });
  }
}
