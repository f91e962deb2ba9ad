/**
 * What 1,000 sessions leave behind: each begins, is spoken to, hears an answer and ends, with the real detector listening.
 * Measured after a full garbage collection, when the first ones have warmed up; resident memory is shown beside it, for
 * what the collector does not know of.
 */
import { once } from "node:events";
import { connect, ServerProcess, sleep, table } from "./measure";

const CYCLES = Number(process.env["BENCH_CYCLES"] ?? 1_000);
const AT_ONCE = 20;
const WARM_UP = 1_000;
/** 400 ms of a tone: enough for a commit, and for the detector to have listened. */
const AUDIO = Buffer.from(
  Int16Array.from({ length: 9_600 }, (_, index) => 6_000 * Math.sin((2 * Math.PI * 220 * index) / 24_000)).buffer,
).toString("base64");

async function converse(url: string): Promise<void> {
  const [socket] = await connect(url, 1);
  if (socket === undefined) return;
  const answered = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      if (data.includes('"response.done"')) resolve();
    });
  });
  for (let chunk = 0; chunk < 3; chunk++) {
    socket.send(JSON.stringify({ type: "input_audio_buffer.append", audio: AUDIO }));
  }
  socket.send(JSON.stringify({ type: "input_audio_buffer.commit" }));
  socket.send(JSON.stringify({ type: "response.create" }));
  await answered;
  const closed = once(socket, "close");
  socket.close();
  await closed;
}

async function cycle(url: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => converse(url)));
  }
  await sleep(1_000);
}

const server = await ServerProcess.start("listening");
await cycle(server.url, WARM_UP);
const before = await server.stats();
await cycle(server.url, CYCLES);
const after = await server.stats();
await server.stop();

const perHundred = (bytes: number): number => bytes / (CYCLES / 100) / 1024 / 1024;
const kept = perHundred(after.heap + after.external - before.heap - before.external);
const grown = perHundred(after.rss - before.rss);
console.log(`\n## Leaks: ${CYCLES} sessions with audio, detection, a commit and a spoken reply each\n`);
table([
  { "MB left by 100 sessions": "heap and external, after garbage collection", value: kept.toFixed(3) },
  { "MB left by 100 sessions": "resident", value: grown.toFixed(3) },
]);
console.log(`\nTarget: at most 1 MB kept. ${kept <= 1 ? "Met." : "MISSED."}`);
process.exit(0);
