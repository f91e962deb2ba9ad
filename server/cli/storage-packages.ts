/** What `antiphon serve` needs for DATABASE_URL, and npm does not install with it: most who mount the library need none. */
import { createRequire } from "node:module";
import type { StorageEnv } from "../../lib/env-storage";
import { StartError } from "../start-error";

type Installed = (name: string) => boolean;

/** Throws `StartError` with the command that installs what is missing. */
export function requireStoragePackages(
  { redisUrl, owner, s3 }: Pick<StorageEnv, "redisUrl" | "owner" | "s3">,
  installed: Installed = canResolve,
): void {
  const needed = [
    "postgres",
    "tarn",
    "drizzle-orm",
    "rate-limiter-flexible",
    ...(redisUrl === undefined ? [] : ["ioredis"]),
    ...(owner === undefined ? [] : ["hash-wasm"]),
    ...(s3 === undefined ? [] : ["aws4fetch"]),
  ];
  const missing = needed.filter((name) => !installed(name));
  if (missing.length > 0)
    throw new StartError(`DATABASE_URL needs packages that are not installed: npm install ${missing.join(" ")}`);
}

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
