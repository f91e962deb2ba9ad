/** Memory of an idle connection, after garbage collection, beside a bare `ws` server. */
import { connect, ServerProcess, sleep, table } from "./measure";

const CONNECTIONS = Number(process.env["BENCH_CONNECTIONS"] ?? 1_000);

async function kilobytes(mode: "floor" | "antiphon"): Promise<{ readonly rss: number; readonly heap: number }> {
  const server = await ServerProcess.startCompiled(mode);
  // Once up and down, so that code and pools are there before the count begins.
  for (const socket of await connect(server.url, 200)) socket.terminate();
  await sleep(500);
  const before = await server.stats();
  const sockets = await connect(server.url, CONNECTIONS);
  await sleep(1_000);
  const after = await server.stats();
  for (const socket of sockets) socket.terminate();
  await server.stop();
  const each = (bytes: number): number => bytes / CONNECTIONS / 1024;
  return {
    rss: each(after.rss - before.rss),
    heap: each(after.heap + after.external - before.heap - before.external),
  };
}

const floor = await kilobytes("floor");
const antiphon = await kilobytes("antiphon");
console.log(`\n## Memory: ${CONNECTIONS} idle connections, KB each\n`);
table([
  { server: "bare ws", resident: floor.rss.toFixed(1), "heap and external": floor.heap.toFixed(1) },
  { server: "antiphon", resident: antiphon.rss.toFixed(1), "heap and external": antiphon.heap.toFixed(1) },
]);
const worst = Math.max(antiphon.rss, antiphon.heap);
console.log(`\nTarget: at most 60 KB. ${worst <= 60 ? "Met." : "MISSED."}`);
