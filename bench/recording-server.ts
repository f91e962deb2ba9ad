/** The server under test of the recording benchmark: listening, answering, and recording if told to, with audio or without. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { allowAnyone, createRealtimeHandler, pipeline } from "antiphon";
import { createSilero } from "antiphon/providers/local";
import { scriptedLlm, scriptedStt, scriptedTts } from "antiphon/testing";
import { openDatabase } from "../lib/db/open";
import { orgSettings } from "../lib/db/schema/index";
import { createLogger } from "../lib/logger";
import { ensureFirstOrganisation } from "../lib/services/users/setup";
import { createAudioStore } from "../server/observers/audio/store";
import { createRecorder } from "../server/observers/recorder";

const [mode = "off"] = process.argv.slice(2);
const record = mode !== "off";
const root = fileURLToPath(new URL("..", import.meta.url));
const log = createLogger({ level: "warn" });
const db = record
  ? await openDatabase({ url: process.env["BENCH_DATABASE_URL"], dataDir: undefined, root })
  : undefined;
const tenant = db ? await ensureFirstOrganisation({ db }) : "none";
const folder = mkdtempSync(join(tmpdir(), "antiphon-bench-"));
const audio = mode === "audio" ? createAudioStore({ folder: join(folder, "audio"), s3: undefined }) : undefined;
const wanted = { orgId: tenant, recordAudio: mode === "audio" };
await db?.system((tx) =>
  tx.insert(orgSettings).values(wanted).onConflictDoUpdate({ target: orgSettings.orgId, set: wanted }),
);
const recorder = db
  ? await createRecorder({ db, log, spoolFolder: join(folder, "spool"), ...(audio && { audio }) })
  : undefined;

const words = "This is what an answer sounds like when it takes some seconds to say it.".split(/(?<= )/);
const server = createServer();
createRealtimeHandler({
  engine: pipeline({
    stt: scriptedStt(),
    llm: scriptedLlm({ reply: words }),
    tts: scriptedTts(),
    vad: await createSilero({ preload: true }),
  }),
  authenticate: allowAnyone({ tenant }),
  validateEvents: false,
  limits: { maxPending: 5_000 },
  ...(recorder && { observers: [recorder] }),
}).attach(server);
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
