import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const ROOMS = ["server", "lib", "app", "examples", "bench"];
/**
 * Tests of these rooms take modules as others have loaded them: loading was the greater part of what most of them cost.
 * One that replaces a module, which others must not see, is called `.alone.test.ts`.
 */
const TOGETHER = ["server/realtime", "app"].map((room) => `${room}/**/!(*.alone).test.ts`);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^antiphon$/, replacement: here("./server/realtime/index.ts") },
      { find: /^antiphon\/testing$/, replacement: here("./server/realtime/testing/index.ts") },
      { find: /^antiphon\/providers\/(\w+)$/, replacement: here("./server/providers/$1/index.ts") },
    ],
  },
  test: {
    setupFiles: ["./vitest.setup.ts"],
    globalSetup: ["./lib/db/testing/global-setup.ts"],
    // Two even on two cores: much of the time is waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Long enough for a busy machine: no test measures time.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "alone", include: ROOMS.map((room) => `${room}/**/*.test.ts`), exclude: TOGETHER },
      },
      { extends: true, test: { name: "together", include: TOGETHER, isolate: false } },
    ],
  },
});
