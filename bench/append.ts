/** CPU of listening: 1,000 connections, each sending 20 ms of audio 50 times a second, against a bare `ws` server. */
import { connect, ServerProcess, sleep, table, type Mode } from "./measure";

const CONNECTIONS = Number(process.env["BENCH_CONNECTIONS"] ?? 1_000);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 8);
const CHUNK_MS = 20;

async function cores(mode: Mode): Promise<number> {
  const server = await ServerProcess.start(mode);
  const sockets = await connect(server.url, CONNECTIONS);
  if (mode === "antiphon") for (const socket of sockets) socket.on("message", () => undefined);
  const frame = Buffer.from(
    JSON.stringify({ type: "input_audio_buffer.append", audio: Buffer.alloc(960, 7).toString("base64") }),
  );
  // The buffer is cleared before it is full, as a client that commits now and then would.
  const clear = JSON.stringify({ type: "input_audio_buffer.clear" });
  let sent = 0;
  const send = (clears: boolean): void => {
    for (const socket of sockets) {
      socket.send(frame, { binary: false });
      if (clears && mode === "antiphon") socket.send(clear);
    }
    sent += sockets.length;
  };
  await sleep(500);
  const before = await server.load();
  const startedAt = performance.now();
  for (let tick = 0; performance.now() - startedAt < SECONDS * 1000; tick += 1) {
    send(tick % 400 === 399);
    await sleep(Math.max(0, startedAt + (tick + 1) * CHUNK_MS - performance.now()));
  }
  await sleep(300);
  const after = await server.load();
  for (const socket of sockets) socket.terminate();
  await server.stop();
  // Per 50,000 messages a second, whatever rate the load generator really reached.
  return ((after.cpu - before.cpuAfter) / 1e6 / sent) * CONNECTIONS * (1000 / CHUNK_MS);
}

const runs: { floor: number; antiphon: number }[] = [];
for (let run = 0; run < 3; run += 1) runs.push({ floor: await cores("floor"), antiphon: await cores("antiphon") });
const median = (key: "floor" | "antiphon"): number => [...runs].map((run) => run[key]).sort((a, b) => a - b)[1] ?? NaN;
const ratio = median("antiphon") / median("floor");
console.log(`\n## Append path: ${CONNECTIONS} connections, ${CHUNK_MS} ms chunks, detection off\n`);
table([
  { server: "bare ws, JSON.parse and base64", "cores (median of 3)": median("floor").toFixed(2), ratio: "1" },
  { server: "antiphon", "cores (median of 3)": median("antiphon").toFixed(2), ratio: ratio.toFixed(2) },
]);
console.log(`\nTarget: ratio at most 1.5. ${ratio <= 1.5 ? "Met." : "MISSED."}`);
