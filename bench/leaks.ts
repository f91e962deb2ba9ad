/** 1,000 sessions begun, spoken to and ended: what stays behind after each hundred, when the first ones have warmed up. */
import { once } from "node:events";
import { connect, ServerProcess, sleep, table } from "./measure";

const CYCLES = Number(process.env["BENCH_CYCLES"] ?? 1_000);

const server = await ServerProcess.start("listening");
const audio = Buffer.alloc(48 * 400, 1).toString("base64");

async function cycle(count: number): Promise<void> {
  for (let done = 0; done < count; done += 20) {
    const sockets = await connect(server.url, 20);
    await Promise.all(
      sockets.map(async (socket) => {
        socket.send(JSON.stringify({ type: "input_audio_buffer.append", audio }));
        socket.send(JSON.stringify({ type: "input_audio_buffer.commit" }));
        socket.send(JSON.stringify({ type: "response.create" }));
        for (;;) {
          const [data] = (await once(socket, "message")) as [Buffer];
          if (data.includes('"response.done"')) break;
        }
        socket.close();
        await once(socket, "close");
      }),
    );
  }
}

await cycle(200);
await sleep(500);
const before = await server.stats();
await cycle(CYCLES);
await sleep(500);
const after = await server.stats();
await server.stop();
const perHundred = (bytes: number): number => bytes / (CYCLES / 100) / 1024 / 1024;
const kept = perHundred(after.heap + after.external - before.heap - before.external);
console.log(`\n## Leaks: ${CYCLES} sessions with audio, a commit and a spoken reply each\n`);
table([
  { measure: "heap and external, MB kept per 100 sessions", value: kept.toFixed(3) },
  { measure: "resident, MB grown per 100 sessions", value: perHundred(after.rss - before.rss).toFixed(3) },
]);
console.log(`\nTarget: at most 1 MB kept per 100. ${kept <= 1 ? "Met." : "MISSED."}`);
process.exit(0);
