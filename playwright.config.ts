import { defineConfig } from "@playwright/test";

/** The browser and the server are chosen and started by the fixtures: see e2e/browser.ts and e2e/fixtures/test.ts. */
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  // The first start builds the page, and shares the machine with it.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: process.env.CI === undefined ? "list" : [["list"], ["html", { open: "never" }]],
  use: { trace: "retain-on-failure", permissions: ["microphone"], reducedMotion: "reduce" },
});
