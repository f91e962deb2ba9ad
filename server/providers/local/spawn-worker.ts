import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

export interface SpawnOptions {
  /** A file URL in the folder of the module. Default: this module's own. */
  readonly folder?: string;
  /** What the thread finds as `workerData`. */
  readonly data?: unknown;
}

/**
 * Starts a worker thread that runs a module of this folder, from the TypeScript sources or from the built package.
 * `name` has no extension, for example `flite-worker`. Throws when there is no such module, or when the sources run
 * without `tsx` to compile them.
 */
export function spawnWorker(name: string, { folder = import.meta.url, data }: SpawnOptions = {}): Worker {
  const module = findModule(name, folder);
  if (!module.pathname.endsWith(".ts")) return new Worker(module, { workerData: data });
  const boot =
    `import(${JSON.stringify(tsxUrl())})` +
    `.then((tsx) => { tsx.register(); return import(${JSON.stringify(module.href)}); })`;
  // Whatever loader flags this process has are not for the worker: in one, `--import tsx` does not work.
  return new Worker(boot, { eval: true, execArgv: [], workerData: data });
}

/** The built package holds each module twice, as `.mjs` and `.cjs`: a worker is taken from its caller's own kind. */
function findModule(name: string, folder: string): URL {
  const own = extname(fileURLToPath(import.meta.url));
  for (const extension of [own, ".mjs", ".cjs", ".js", ".ts"]) {
    const url = new URL(`./${name}${extension}`, folder);
    if (existsSync(url)) return url;
  }
  throw new Error(
    `The worker module "${name}" is not beside ${fileURLToPath(folder)}. If a bundler packed antiphon into one file, ` +
      `leave the package out of the bundle (mark it as external).`,
  );
}

/** `require` knows only the CommonJS form of tsx, which fails when it is imported; its twin is beside it. */
function tsxUrl(): string {
  try {
    const path = createRequire(import.meta.url).resolve("tsx/esm/api");
    return pathToFileURL(path.replace(/\.cjs$/, ".mjs")).href;
  } catch (cause) {
    throw new Error("Running antiphon's TypeScript sources needs the package tsx. Install it: npm install tsx", {
      cause,
    });
  }
}
