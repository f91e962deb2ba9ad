/** `npm run bench`: one after the other, so that none disturbs another. Name some to run only those. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const all = [
  "turn",
  "speculation",
  "turns",
  "hearing",
  "listening",
  "webrtc",
  "append",
  "memory",
  "leaks",
  "relay",
  "recording",
  "history",
];
const chosen = process.argv.slice(2).filter((name) => all.includes(name));
console.log(`# antiphon bench: ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}`);
for (const name of chosen.length > 0 ? chosen : all) {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (status !== 0) process.exit(status ?? 1);
}
