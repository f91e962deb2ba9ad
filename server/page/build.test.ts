import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { isBuildCurrent, runBuild } from "./build";

let dir: string;

/** Writes a file whose time is `age` seconds ago; its folder gets an old one. */
function put(path: string, age: number): void {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  const at = (seconds: number): number => Date.now() / 1000 - seconds;
  utimesSync(file, at(age), at(age));
  for (let folder = dirname(file); folder !== dir; folder = dirname(folder)) utimesSync(folder, at(1000), at(1000));
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "antiphon-build-"));
  put("app/page.tsx", 100);
  put("app/deep/er/part.ts", 100);
  put("lib/env.ts", 100);
  put("package-lock.json", 100);
  put(".next/BUILD_ID", 50);
});

describe("isBuildCurrent", () => {
  it("takes a build that is newer than its sources", async () => {
    expect(await isBuildCurrent(dir)).toBe(true);
  });

  it.each([
    "app/page.tsx",
    "app/deep/er/part.ts",
    "lib/env.ts",
    "package-lock.json",
    "next.config.mjs",
    "public/a.svg",
  ])("wants another one after %s changed", async (path) => {
    put(path, 10);
    expect(await isBuildCurrent(dir)).toBe(false);
  });

  it("wants another one after a file was deleted", async () => {
    rmSync(join(dir, "app/deep/er/part.ts"));
    expect(await isBuildCurrent(dir)).toBe(false);
  });

  it("does not mind tests and the server's own sources", async () => {
    put("app/page.test.ts", 10);
    put("server/index.ts", 10);
    expect(await isBuildCurrent(dir)).toBe(true);
  });

  it("wants one when there is none", async () => {
    rmSync(join(dir, ".next"), { recursive: true });
    expect(await isBuildCurrent(dir)).toBe(false);
  });
});

describe("runBuild", () => {
  const fakeNext = (script: string): void => {
    put("node_modules/next/dist/bin/next", 100);
    writeFileSync(join(dir, "node_modules/next/dist/bin/next"), script);
  };

  it("runs next build in production mode, without telemetry", async () => {
    fakeNext(`
      const { NODE_ENV, NEXT_TELEMETRY_DISABLED } = process.env;
      process.exit(process.argv[2] === "build" && NODE_ENV === "production" && NEXT_TELEMETRY_DISABLED === "1" ? 0 : 1);
    `);
    await expect(runBuild(dir).done).resolves.toBeUndefined();
  });

  it("fails with what the build said", async () => {
    fakeNext(`console.log("Compiling"); console.error("Module not found: x"); process.exitCode = 1;`);
    await expect(runBuild(dir).done).rejects.toThrow(/could not be built[^]*Compiling[^]*Module not found: x/);
  });

  it("says what to do when Next is not installed", () => {
    expect(() => runBuild(dir)).toThrow(/Next is not installed: run npm ci/);
  });

  it("can be stopped", async () => {
    fakeNext(`setInterval(() => {}, 1000);`);
    const run = runBuild(dir);
    run.stop();
    await expect(run.done).rejects.toThrow();
  });
});
