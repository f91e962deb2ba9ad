/** `npm start` and `npm run dev`: the realtime API and the Next page on one port. */
import { fileURLToPath } from "node:url";
import { startNextPage } from "./page/next-page";
import { run } from "./run";
import { localProviders } from "./stages/local-providers";
import { openStorage } from "./storage/storage";

const dir = fileURLToPath(new URL("..", import.meta.url));
const dev = process.argv.includes("--dev");

// Next and React choose their builds by this, when they are first loaded.
Object.assign(process.env, { NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });

// NextAuth and tRPC load Next and React.
const { openApp } = await import("./app/open-app");

await run({
  providers: localProviders,
  openStorage: () => openStorage,
  openApp,
  startPage: (log) => (address) => startNextPage({ dir, dev, log, ...address }),
});
