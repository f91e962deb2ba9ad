import { defineConfig, type UserConfig } from "tsdown";

const library = [
  "server/realtime/index.ts",
  "server/realtime/testing/index.ts",
  "server/providers/*/index.ts",
  // They run in threads of their own, so nobody imports them.
  "server/providers/**/*-worker.ts",
  "!**/__fixtures__/**",
];

const common: UserConfig = {
  // One file for one module: what is not imported is not loaded, and workers are found beside who starts them.
  unbundle: true,
  root: ".",
  dts: true,
  platform: "node",
  target: "node20.19",
  clean: false,
  // What is installed stays outside, whether package.json names it as needed or as optional.
  deps: { skipNodeModulesBundle: true },
};

/** What `antiphon serve` finds beside itself with DATABASE_URL: the migrations, and a worker that is no TypeScript. */
const besides = [
  { from: "drizzle/*.sql", to: "dist/drizzle" },
  { from: "drizzle/meta/_journal.json", to: "dist/drizzle/meta" },
  { from: "lib/auth/password-worker.mjs", to: "dist/lib/auth" },
];

export default defineConfig([
  // The command line waits at its top level, which CommonJS cannot.
  { ...common, format: "esm", entry: [...library, "server/cli/main.ts"], copy: besides },
  { ...common, format: "cjs", entry: library, checks: { legacyCjs: false } },
]);
