/**
 * What a relay adds: the same server reached directly and through a relay in front of it, in turn, in the same run. Once
 * with nothing else going on, once beside sessions that stream audio through the same relay.
 */
import { once } from "node:events";
import type WebSocket from "ws";
import { connect, percentile, ServerProcess, sleep, table } from "./measure";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 1_000);
const STREAMS = Number(process.env["BENCH_STREAMS"] ?? 100);
const CHUNK_MS = 20;
const TARGET_MS = 3;

const clear = JSON.stringify({ type: "input_audio_buffer.clear" });
const append = JSON.stringify({ type: "input_audio_buffer.append", audio: Buffer.alloc(960, 7).toString("base64") });

const upstream = await ServerProcess.start("antiphon");
const relay = await ServerProcess.start("relay", [upstream.url]);

/** One event there and its answer back: two messages. */
async function roundTrip(socket: WebSocket): Promise<number> {
  const startedAt = performance.now();
  socket.send(clear);
  await once(socket, "message");
  return performance.now() - startedAt;
}

async function greeted(url: string, count: number): Promise<WebSocket[]> {
  const sockets = await connect(url, count);
  // The relay greets only when the server behind it has.
  await sleep(300);
  return sockets;
}

interface Times {
  readonly direct: number[];
  readonly relayed: number[];
}

async function measure(direct: WebSocket, relayed: WebSocket): Promise<Times> {
  const times: Times = { direct: [], relayed: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.direct.push(await roundTrip(direct));
    times.relayed.push(await roundTrip(relayed));
    // At any moment of the streams' own beat.
    await sleep(1 + (round % 3));
  }
  return times;
}

const [direct] = await greeted(upstream.url, 1);
const [relayed] = await greeted(relay.url, 1);
if (direct === undefined || relayed === undefined) throw new Error("No connection.");
await measure(direct, relayed);
const alone = await measure(direct, relayed);

const streams = await greeted(relay.url, STREAMS);
let sent = 0;
const before = await relay.load();
const stream = setInterval(() => {
  for (const socket of streams) socket.send(append);
  sent += streams.length;
}, CHUNK_MS);
await sleep(3_000);
const after = await relay.load();
const streamed = sent;
const beside = await measure(direct, relayed);
clearInterval(stream);
await Promise.all([upstream.stop(), relay.stop()]);

const rows = (["direct", "relayed"] as const).flatMap((way) =>
  (
    [
      ["alone", alone],
      [`beside ${STREAMS} streams`, beside],
    ] as const
  ).map(([what, times]) => ({
    "event and its answer": `${way}, ${what}`,
    "median ms": percentile(times[way], 0.5).toFixed(2),
    "p99 ms": percentile(times[way], 0.99).toFixed(2),
  })),
);
const added = ({ direct: there, relayed: through }: Times): number =>
  (percentile(through, 0.5) - percentile(there, 0.5)) / 2;
console.log(`\n## Relay: ${ROUNDS} round trips each way, in turn\n`);
table(rows);
console.log(
  `\nA message through the relay: +${added(alone).toFixed(2)} ms alone, +${added(beside).toFixed(2)} ms beside streams.`,
);
console.log(`CPU of the relay: ${((after.cpu - before.cpu) / streamed).toFixed(0)} µs a message of streamed audio.`);
const met = added(alone) <= TARGET_MS && added(beside) <= TARGET_MS;
console.log(`Target: at most ${TARGET_MS} ms median a message. ${met ? "Met." : "MISSED."}`);
