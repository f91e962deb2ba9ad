/**
 * The session list with 100,000 sessions and 2 million items: how long the dashboard waits for it. On the PostgreSQL of
 * BENCH_DATABASE_URL, else the embedded one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { scopesOf } from "../lib/auth/roles";
import { openDatabase } from "../lib/db/open";
import { newId } from "../lib/ids";
import { createSealer } from "../lib/seal";
import { listSessions } from "../lib/services/sessions/list";
import { idleRunner } from "../lib/services/tools/runner";
import { percentile, table } from "./measure";

const SESSIONS = Number(process.env["BENCH_SESSIONS"] ?? 100_000);
const ITEMS = 20;
const SLICE = 5_000;
const TARGET_MS = 200;

const root = fileURLToPath(new URL("..", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "antiphon-bench-"));
const db = await openDatabase({ url: process.env["BENCH_DATABASE_URL"], dataDir, root });
const org = newId("organisation");
console.log(`\n## History: ${SESSIONS} sessions, ${SESSIONS * ITEMS} items (${db.kind})\n`);

const began = performance.now();
await db.system((tx) => tx.execute(sql`insert into organisations (id, name, slug) values (${org}, 'Bench', ${org})`));
// In slices: a statement may take a minute.
for (let from = 1; from <= SESSIONS; from += SLICE) {
  const numbers = sql`generate_series(${from}::int, ${Math.min(from + SLICE - 1, SESSIONS)}::int) n`;
  await db.system(async (tx) => {
    await tx.execute(sql`
      insert into realtime_sessions (id, org_id, key_id, model, transport, status, started_at, ended_at, seen_at, errors)
      select ${org} || '-' || n, ${org}, 'key_' || n % 7, 'model-' || n % 3, 'websocket', 'ended',
        now() - n * interval '20 seconds', now(), now(), (n % 50 = 0)::int
      from ${numbers}`);
    await tx.execute(sql`
      insert into items (session_id, id, org_id, position, type, role, content, transcript, at_ms)
      select ${org} || '-' || n, 'item_' || i, ${org}, i, 'message', case when i % 2 = 0 then 'assistant' else 'user' end,
        '{}', case when n % 20000 = 7 and i = 3 then 'Where is my pomegranate order?'
          else 'Hello, could you tell me about order ' || n || ' and its delivery on day ' || i end, i * 1000
      from ${numbers}, generate_series(1, ${ITEMS}::int) i`);
  });
}
// As autovacuum would have done by the time that there is so much.
await db.system((tx) => tx.execute(sql`analyze realtime_sessions`));
await db.system((tx) => tx.execute(sql`analyze items`));
console.log(`Made in ${((performance.now() - began) / 1000).toFixed(0)} s.\n`);

const none = { fetch: () => Promise.reject(new Error("not here")), check: () => Promise.resolve() };
const passwords = { hash: async () => "", verify: async () => false, close: async () => undefined };
const ctx = {
  ...{
    db,
    seal: createSealer("of the benchmark"),
    passwords,
    outbound: none,
    tools: idleRunner("The benchmark runs nothing."),
  },
  ...{ org, actor: { type: "system", name: "bench" } as const, role: null, scopes: scopesOf("owner") },
};
const list = (input: Parameters<typeof listSessions>[0]["input"]) => listSessions({ ctx, input });
const middle = new Date(Date.now() - SESSIONS * 10_000);
const far = await list({ to: middle, limit: 1 });
const cases = {
  "first page": {},
  "a page in the middle": { cursor: far.nextCursor },
  "of one key": { keyId: "key_3" },
  "of one model, with errors": { model: "model-1", hasErrors: true },
  "search: a rare word": { search: "pomegranate" },
  "search: a word that all have": { search: "delivery" },
  "search: a word that nobody said": { search: "zeppelin" },
};
let slowest = 0;
const rows = [];
for (const [name, input] of Object.entries(cases)) {
  const took: number[] = [];
  let found = 0;
  for (let round = 0; round < 12; round += 1) {
    const from = performance.now();
    found = (await list(input)).items.length;
    if (round > 1) took.push(performance.now() - from);
  }
  const p95 = percentile(took, 0.95);
  slowest = Math.max(slowest, p95);
  rows.push({ list: name, found, "p50 ms": percentile(took, 0.5).toFixed(1), "p95 ms": p95.toFixed(1) });
}
table(rows);
console.log(`\nTarget: every list within ${TARGET_MS} ms. ${slowest <= TARGET_MS ? "Met." : "MISSED."}`);
// Items go with their sessions; of the embedded one everything goes with its folder.
for (let from = 1; db.kind === "postgresql" && from <= SESSIONS; from += SLICE)
  await db.system((tx) =>
    tx.execute(sql`delete from realtime_sessions where id in (
      select ${org} || '-' || n from generate_series(${from}::int, ${from + SLICE - 1}::int) n)`),
  );
if (db.kind === "postgresql") await db.system((tx) => tx.execute(sql`delete from organisations where id = ${org}`));
await db.close();
rmSync(dataDir, { recursive: true, force: true });
