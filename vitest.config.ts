import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^antiphon$/, replacement: here("./server/realtime/index.ts") },
      { find: /^antiphon\/testing$/, replacement: here("./server/realtime/testing/index.ts") },
      { find: /^antiphon\/providers\/(\w+)$/, replacement: here("./server/providers/$1/index.ts") },
    ],
  },
  test: {
    include: [
      "server/**/*.test.ts",
      "lib/**/*.test.ts",
      "app/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    setupFiles: ["./vitest.setup.ts"],
    globalSetup: ["./lib/db/testing/global-setup.ts"],
    // Two even on two cores: much of the time is waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Long enough for a busy machine: no test measures time.
    testTimeout: 30_000,
  },
});
