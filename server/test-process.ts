/** Runs a TypeScript entry as a process of its own, for tests of exit codes and signals. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EnvSource } from "../lib/env";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

export interface TestProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Resolves with everything on standard output so far, once that matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
}

export interface ProcessOptions {
  /** Relative to `server/`. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** The whole environment, beside PATH. */
  readonly env: EnvSource;
  readonly cwd: string;
}

export function startProcess({ entry, args = [], env, cwd }: ProcessOptions): TestProcess {
  const file = fileURLToPath(new URL(entry, import.meta.url));
  const environment = { PATH: process.env.PATH, NODE_ENV: "test" as const, ...env };
  const child = spawn(process.execPath, ["--import", loader, file, ...args], { cwd, env: environment });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  child.stdin.end();
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(out)) resolve(out);
        };
        child.stdout.on("data", look);
        look();
        void ended.then((end) => reject(new Error(`It ended first: ${JSON.stringify(end)}`)));
      }),
  };
}
