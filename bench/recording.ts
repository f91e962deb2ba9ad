/**
 * What recording costs: sessions that are spoken to and answer, without the recorder, with it, and with it writing the audio
 * of both sides to disk: CPU of the server process.
 * On the PostgreSQL of BENCH_DATABASE_URL (its own CPU is not counted), else the embedded one (which is).
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type WebSocket from "ws";
import { connect, sleep, table } from "./measure";

const SESSIONS = Number(process.env["BENCH_SESSIONS"] ?? 200);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const WARM_SECONDS = 6;
/** In turn; of each mode the best counts, since shared machines have fast and slow minutes. */
const PASSES = Number(process.env["BENCH_PASSES"] ?? 3);
const CHUNK_MS = 20;
const TURN_MS = 6_000;
const TARGET = 1.1;

async function run(mode: "off" | "on" | "audio"): Promise<number> {
  const child = fork(fileURLToPath(new URL("./recording-server.ts", import.meta.url)), [mode], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const cpu = async (): Promise<number> => {
    child.send("cpu");
    return ((await once(child, "message")) as [number])[0];
  };
  const sockets = await connect(`ws://127.0.0.1:${port}/v1/realtime?model=antiphon`, SESSIONS);
  for (const socket of sockets) socket.on("message", () => undefined);
  const noise = Buffer.from(Int16Array.from({ length: 480 }, () => Math.round((Math.random() - 0.5) * 120)).buffer);
  const append = JSON.stringify({ type: "input_audio_buffer.append", audio: noise.toString("base64") });
  const turn = (socket: WebSocket): void => {
    socket.send(JSON.stringify({ type: "input_audio_buffer.commit" }));
    socket.send(JSON.stringify({ type: "response.create" }));
  };
  const startedAt = performance.now();
  let [before, measuredAt, sent] = [0, 0, 0];
  for (let tick = 0; performance.now() - startedAt < (WARM_SECONDS + SECONDS) * 1000; tick += 1) {
    if (tick === (WARM_SECONDS * 1_000) / CHUNK_MS) [before, measuredAt, sent] = [await cpu(), performance.now(), 0];
    sockets.forEach((socket, index) => {
      socket.send(append);
      if ((tick + index * 7) % (TURN_MS / CHUNK_MS) === 0) turn(socket);
    });
    sent += 1;
    await sleep(Math.max(0, startedAt + (tick + 1) * CHUNK_MS - performance.now()));
  }
  const seconds = (performance.now() - measuredAt) / 1000;
  const used = ((await cpu()) - before) / 1e6 / seconds;
  for (const socket of sockets) socket.terminate();
  child.disconnect();
  await once(child, "exit");
  // Per real-time session, whatever rate the load generator really reached.
  return used / ((sent * CHUNK_MS) / 1000 / seconds);
}

const best = { off: Infinity, on: Infinity, audio: Infinity };
for (let pass = 0; pass < PASSES; pass++) {
  for (const mode of ["off", "on", "audio"] as const) best[mode] = Math.min(best[mode], await run(mode));
}
const { off, on, audio } = best;
const costs = (used: number): string => `${((used / off - 1) * 100).toFixed(1)} %`;
console.log(`\n## Recording: ${SESSIONS} speaking sessions, a turn every ${TURN_MS / 1000} s\n`);
table([
  { recording: "off", cores: off.toFixed(3), costs: "" },
  { recording: "on", cores: on.toFixed(3), costs: costs(on) },
  { recording: "on, with audio", cores: audio.toFixed(3), costs: costs(audio) },
]);
for (const [what, used] of [
  ["Recording", on],
  ["With audio it", audio],
] as const)
  console.log(`\n${what} costs ${costs(used)}. Target: at most 10 %. ${used / off <= TARGET ? "Met." : "MISSED."}`);
process.exit(0);
