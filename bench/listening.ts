/**
 * Listening sessions a core carries: open WebSockets with `server_vad`, the real detector, and 36 % speech in soft noise,
 * sent in chunks of 20 ms at the pace of speech. Counted from the CPU of the whole server process, its threads included,
 * at a load that the machine carries; against our own detector without gate and batch in the same run.
 */
import { createFlite } from "antiphon/providers/local";
import { encodeUlaw } from "../server/realtime/audio/g711";
import { concatPcm, pcmToBytes } from "../server/realtime/audio/pcm";
import { resampleAll } from "../server/realtime/audio/resample";
import { connect, percentile, ServerProcess, sleep, table } from "./measure";
import { writeBars } from "./plot";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const CHUNK_MS = 20;
const SPEECH_SHARE = 0.36;

interface Format {
  readonly type: "audio/pcm" | "audio/pcmu";
  readonly chunks: readonly string[];
}

/** Chunks of a loop in which somebody speaks 36 % of the time, over noise of about -55 dB. */
async function makeLoop(rate: 24_000 | 8_000): Promise<Format> {
  const flite = await createFlite();
  const words: Int16Array[] = [];
  let sampleRate = 16_000;
  for (const text of ["I would like to know what the weather will be like tomorrow.", "And the day after that?"]) {
    const request = { text, voice: "awb", speed: 1, signal: new AbortController().signal };
    for await (const chunk of flite.synthesize(request)) {
      words.push(chunk.samples);
      sampleRate = chunk.sampleRate;
    }
  }
  await flite.close?.();
  const speech = (await resampleAll({ samples: concatPcm(words), sampleRate }, rate)).samples;
  const size = (rate * CHUNK_MS) / 1000;
  const loop = new Int16Array(Math.ceil(speech.length / SPEECH_SHARE / size) * size);
  loop.set(speech, Math.round(loop.length * 0.2));
  for (let i = 0; i < loop.length; i += 1) loop[i] = (loop[i] ?? 0) + Math.round((Math.random() - 0.5) * 120);
  const chunks: string[] = [];
  for (let at = 0; at < loop.length; at += size) {
    const samples = loop.slice(at, at + size);
    const bytes = rate === 8_000 ? encodeUlaw(samples) : pcmToBytes(samples);
    chunks.push(JSON.stringify({ type: "input_audio_buffer.append", audio: bytes.toString("base64") }));
  }
  return { type: rate === 8_000 ? "audio/pcmu" : "audio/pcm", chunks };
}

interface Load {
  readonly format: Format;
  readonly connections: number;
  readonly flags?: readonly string[];
}

interface Result {
  readonly cores: number;
  readonly loopP99: number;
  /** Speech starts heard, per connection and loop: 2 sentences at least, or the detector fell behind. */
  readonly starts: number;
  readonly updateP99: number;
}

async function run({ format, connections, flags = [] }: Load): Promise<Result> {
  const server = await ServerProcess.start("listening", flags);
  const sockets = await connect(server.url, connections);
  const detection = flags.includes("deaf") ? null : { type: "server_vad", create_response: false };
  const input = { format: { type: format.type }, turn_detection: detection };
  let starts = 0;
  for (const socket of sockets) {
    socket.on("message", (data: Buffer) => {
      if (data.includes("speech_started")) starts += 1;
    });
    socket.send(JSON.stringify({ type: "session.update", session: { type: "realtime", audio: { input } } }));
  }
  await sleep(1_000);
  const updates: number[] = [];
  const [probe] = await connect(server.url, 1);
  const { chunks } = format;
  const startedAt = performance.now();
  let before = await server.stats();
  let measuredAt = startedAt;
  let sent = 0;
  for (let tick = 0; performance.now() - startedAt < (SECONDS + 2) * 1000; tick += 1) {
    if (tick === 2_000 / CHUNK_MS) {
      before = await server.stats();
      measuredAt = performance.now();
      sent = 0;
      starts = 0;
    }
    sockets.forEach((socket, index) => socket.send(chunks[(tick + index * 17) % chunks.length] ?? ""));
    sent += sockets.length;
    if (tick % 10 === 0 && probe !== undefined) {
      const at = performance.now();
      probe.once("message", () => updates.push(performance.now() - at));
      probe.send(JSON.stringify({ type: "session.update", session: { type: "realtime", instructions: `${tick}` } }));
    }
    await sleep(Math.max(0, startedAt + (tick + 1) * CHUNK_MS - performance.now()));
  }
  const seconds = (performance.now() - measuredAt) / 1000;
  const after = await server.stats();
  for (const socket of sockets) socket.terminate();
  probe?.terminate();
  await server.stop();
  // Per real-time session, whatever rate the load generator really reached.
  const realTime = sent / ((seconds * 1000) / CHUNK_MS) / connections;
  return {
    cores: (after.cpu - before.cpuAfter) / 1e6 / seconds / realTime,
    loopP99: after.loopP99,
    starts: (starts / connections) * ((chunks.length * CHUNK_MS) / 1000 / seconds),
    updateP99: percentile(updates.slice(10), 0.99),
  };
}

const pcm = await makeLoop(24_000);
const ulaw = await makeLoop(8_000);
const CONNECTIONS = Number(process.env["BENCH_CONNECTIONS"] ?? 200);
const NEITHER = ["no-gate", "no-batch"];
const cases = [
  { name: "16 kHz model, gate and batch", format: pcm, flags: [], least: 400 },
  { name: "8 kHz model (G.711), gate and batch", format: ulaw, flags: [], least: 550 },
  { name: "16 kHz model on every frame (no gate)", format: pcm, flags: ["no-gate"], least: 200 / 0.45 },
  { name: "16 kHz model, neither gate nor batch", format: pcm, flags: NEITHER, least: 0 },
  { name: "no detection", format: pcm, flags: ["deaf"], least: 0 },
];
const rows: Record<string, string | number>[] = [];
const perCore: { readonly name: string; readonly value: number }[] = [];
let met = true;
let allHeard = true;
for (const { name, least, flags, format } of cases) {
  const { cores, loopP99, starts, updateP99 } = await run({ format, flags, connections: CONNECTIONS });
  const sessions = CONNECTIONS / cores;
  allHeard &&= flags.includes("deaf") || Math.abs(starts - 1) < 0.15;
  perCore.push({ name, value: sessions });
  met &&= sessions >= least && (least === 0 || (loopP99 <= 20 && updateP99 <= 20 && starts > 0.9));
  rows.push({
    mode: name,
    connections: CONNECTIONS,
    cores: cores.toFixed(2),
    "sessions a core": Math.round(sessions),
    "loop p99 ms": loopP99.toFixed(1),
    "update p99 ms": updateP99.toFixed(1),
    "speech starts a loop": starts.toFixed(2),
  });
}
const [batched, , , neither, deaf] = perCore.map(({ value }) => 1 / value);
const ratio = (neither ?? 0) / (batched ?? Infinity);
const ratioOfDetection = ((neither ?? 0) - (deaf ?? 0)) / ((batched ?? Infinity) - (deaf ?? 0));
console.log(`\n## Listening: ${CHUNK_MS} ms chunks, 36 % speech, the whole session running\n`);
table(rows);
console.log(
  `\nGate and batch carry ${ratio.toFixed(1)} times the sessions of neither; detection alone is ${ratioOfDetection.toFixed(1)} times as cheap.`,
);
console.log(
  "Targets: 400 (16 kHz) and 550 (8 kHz) sessions a core, 200 sessions with the model on every frame in 0.45 cores, loop and update p99 at most 20 ms, " +
    `all speech heard, ratio at least 4. ${met && ratio >= 4 ? "Met." : "MISSED."}`,
);
// A server that gets too little of the machine does less than it should, and looks cheap.
if (!allHeard)
  console.log("VOID: not all speech was heard, the machine was too busy. Fewer BENCH_CONNECTIONS may help.");
else await writeBars("listening", { title: "Listening sessions per core", bars: perCore });
process.exit(0);
