/**
 * What sessions leave behind: each begins, is spoken to, hears an answer and ends, with the real detector listening.
 * Measured after a full garbage collection, when the first ones have warmed up, and again after every thousand: resident
 * memory, which holds what the collector does not know of, goes up and down by what the allocator keeps for later.
 */
import { once } from "node:events";
import { connect, ServerProcess, sleep, table } from "./measure";
import type { ServerStats } from "./server";

const ROUNDS = 3;
const CYCLES = Number(process.env["BENCH_CYCLES"] ?? 1_000);
const AT_ONCE = 20;
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
const measured: ServerStats[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  await cycle(server.url, CYCLES);
  measured.push(await server.stats());
}
await server.stop();

const megabytes = (bytes: number): number => bytes / 1024 / 1024;
const perHundred = (of: (stats: ServerStats) => number): number =>
  megabytes(of(measured.at(-1)!) - of(measured[0]!)) / ((ROUNDS * CYCLES) / 100);
const kept = perHundred(({ heap, external }) => heap + external);
const grown = perHundred(({ rss }) => rss);
console.log(`\n## Leaks: sessions with audio, detection, a commit and a spoken reply each\n`);
table(
  measured.map(({ rss, heap, external }, round) => ({
    "sessions so far": (round + 1) * CYCLES,
    "heap and external, MB": megabytes(heap + external).toFixed(1),
    "resident, MB": megabytes(rss).toFixed(1),
  })),
);
console.log(
  `\nLeft by 100 sessions: ${kept.toFixed(3)} MB, resident ${grown.toFixed(3)} MB. ` +
    `Target: at most 1 MB. ${kept <= 1 && grown <= 1 ? "Met." : "MISSED."}`,
);
process.exit(0);
