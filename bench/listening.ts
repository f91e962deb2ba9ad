/**
 * Listening sessions a core carries: open WebSockets with `server_vad`, the real detector, and 36 % speech in soft noise,
 * sent in chunks of 20 ms at the pace of speech, not all in step: a quarter of the clients every 5 ms. Counted from the
 * CPU of the whole server process, its threads included, once it is warm, at a load that the machine carries. Beside it
 * in the same run: a bare ws server that parses and decodes the same messages, which tells what a core is worth here, and
 * our own detector without gate and batch.
 */
import { createFlite } from "antiphon/providers/local";
import { encodeUlaw } from "../server/realtime/audio/g711";
import { concatPcm, pcmToBytes } from "../server/realtime/audio/pcm";
import { resampleAll } from "../server/realtime/audio/resample";
import { connect, percentile, Probe, ServerProcess, sleep, table } from "./measure";
import { writeBars } from "./plot";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 8);
/** Shared machines have fast and slow minutes: of each case the best pass counts. */
const PASSES = Number(process.env["BENCH_PASSES"] ?? 2);
/** Until the code is compiled: that happens once in a server's life. */
const WARM_SECONDS = 10;
/** Where the targets were set, a core carried so many connections to the bare server (0.75 cores for 1,000). */
const TARGET_FLOOR = 1_333;
const CHUNK_MS = 20;
/** So many parts of the clients send one after another within the time of a chunk. */
const PARTS = 4;
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
  const isFloor = flags.includes("floor");
  const server = await ServerProcess.start(isFloor ? "floor" : "listening", flags);
  const sockets = await connect(server.url, connections);
  const detection = flags.includes("deaf") ? null : { type: "server_vad", create_response: false };
  const input = { format: { type: format.type }, turn_detection: detection };
  let starts = 0;
  for (const socket of isFloor ? [] : sockets) {
    socket.on("message", (data: Buffer) => {
      if (data.includes("speech_started")) starts += 1;
    });
    socket.send(JSON.stringify({ type: "session.update", session: { type: "realtime", audio: { input } } }));
  }
  await sleep(1_000);
  const probe = isFloor ? undefined : await Probe.start(server.url);
  const { chunks } = format;
  let startedAt = performance.now();
  let before = await server.load();
  let measuredAt = startedAt;
  let sent = 0;
  for (let part = 0; performance.now() - startedAt < (WARM_SECONDS + SECONDS) * 1000; part += 1) {
    if (part === ((WARM_SECONDS * 1_000) / CHUNK_MS) * PARTS) {
      before = await server.load();
      probe?.begin();
      measuredAt = performance.now();
      // What the warm-up came late with is not made up for now.
      startedAt = measuredAt - WARM_SECONDS * 1_000;
      sent = 0;
      starts = 0;
    }
    const tick = Math.floor(part / PARTS);
    for (let index = part % PARTS; index < sockets.length; index += PARTS) {
      sockets[index]!.send(chunks[(tick + index * 17) % chunks.length] ?? "");
      sent += 1;
    }
    await sleep(Math.max(0, startedAt + ((part + 1) * CHUNK_MS) / PARTS - performance.now()));
  }
  const seconds = (performance.now() - measuredAt) / 1000;
  const updates = (await probe?.stop()) ?? [];
  const after = await server.load();
  for (const socket of sockets) socket.terminate();
  await server.stop();
  // Per real-time session, whatever rate the load generator really reached.
  const realTime = sent / ((seconds * 1000) / CHUNK_MS) / connections;
  return {
    cores: (after.cpu - before.cpuAfter) / 1e6 / seconds / realTime,
    loopP99: after.loopP99,
    starts: (starts / connections) * ((chunks.length * CHUNK_MS) / 1000 / seconds),
    updateP99: percentile(updates, 0.99),
  };
}

const pcm = await makeLoop(24_000);
const ulaw = await makeLoop(8_000);
const CONNECTIONS = Number(process.env["BENCH_CONNECTIONS"] ?? 200);
/** In one thread with the model, no machine here carries as many. */
const FEWER = Math.ceil(CONNECTIONS * 0.3);

interface Case {
  readonly name: string;
  readonly flags: readonly string[];
  readonly format?: Format;
  readonly connections?: number;
  /** Sessions a core that are wanted, where the targets were set. */
  readonly least?: number;
}

const FLOOR = { name: "bare ws, JSON.parse and base64 (floor)", flags: ["floor"] };
const DEAF = { name: "no detection", flags: ["deaf"] };
const SHIPPED = { name: "16 kHz model, gate and batch", flags: [], least: 400 };
const FEWER_DEAF = { name: "no detection, fewer sessions", flags: ["deaf"], connections: FEWER };
const UNBATCHED: readonly Case[] = [
  { name: "16 kHz model, neither gate nor batch", flags: ["no-gate", "no-batch"], connections: FEWER },
  { name: "16 kHz model as it comes, frame by frame in the clients' thread", flags: ["naive"], connections: FEWER },
];
const cases: readonly Case[] = [
  FLOOR,
  DEAF,
  SHIPPED,
  { name: "G.711, gate and batch", format: ulaw, flags: [], least: 550 },
  { name: "G.711, 8 kHz model, gate and batch", format: ulaw, flags: ["narrow"], least: 550 },
  { name: "16 kHz model on every frame (no gate)", flags: ["no-gate"], least: 200 / 0.45 },
  FEWER_DEAF,
  ...UNBATCHED,
];

/** The best of all passes, and whether all speech was heard in each. */
async function measure({ format = pcm, connections = CONNECTIONS, flags }: Case): Promise<Result> {
  const passes: Result[] = [];
  while (passes.length < PASSES) passes.push(await run({ format, flags, connections }));
  const best = (key: keyof Result): number => Math.min(...passes.map((pass) => pass[key]));
  return { cores: best("cores"), loopP99: best("loopP99"), starts: best("starts"), updateP99: best("updateP99") };
}

const rows: Record<string, string | number>[] = [];
const perCore = new Map<Case, number>();
let met = true;
let metHere = true;
let quick = true;
let allHeard = true;
for (const each of cases) {
  const { connections = CONNECTIONS, least } = each;
  const { cores, loopP99, starts, updateP99 } = await measure(each);
  const sessions = connections / cores;
  const listens = !["floor", "deaf"].some((flag) => each.flags.includes(flag));
  allHeard &&= !listens || Math.abs(starts - 1) < 0.15;
  perCore.set(each, sessions);
  const there = (sessions / perCore.get(FLOOR)!) * TARGET_FLOOR;
  if (least !== undefined) {
    met &&= there >= least;
    metHere &&= sessions >= least;
    quick &&= loopP99 <= 20 && updateP99 <= 20;
  }
  rows.push({
    mode: each.name,
    connections,
    cores: cores.toFixed(2),
    "sessions a core": Math.round(sessions),
    "of the floor's cost": (perCore.get(FLOOR)! / sessions).toFixed(2),
    "sessions a core there": Math.round(there),
    "target there": least === undefined ? "" : Math.round(least),
    "loop p99 ms": loopP99.toFixed(1),
    "update p99 ms": each === FLOOR ? "" : updateP99.toFixed(1),
    "speech starts a loop": listens ? starts.toFixed(2) : "",
  });
}
const cost = (each: Case): number => 1 / perCore.get(each)!;
console.log(`\n## Listening: ${CHUNK_MS} ms chunks, 36 % speech, the whole session running\n`);
table(rows);
console.log(
  `\n"There" is where the targets were set, where a core carried ${TARGET_FLOOR} connections to the bare server: ${met ? "met" : "MISSED"}. ` +
    `The same targets for a core of this machine: ${metHere ? "met" : "missed"}. ` +
    `Loop and update p99 at most 20 ms where there is a target: ${quick ? "met" : "MISSED"}.`,
);
const own = cost(SHIPPED) - cost(DEAF);
for (const each of UNBATCHED) {
  const alone = cost(each) - cost(FEWER_DEAF);
  const times = { detection: alone / own, sessions: (cost(DEAF) + alone) / cost(SHIPPED) };
  console.log(
    `Against "${each.name}": ${times.sessions.toFixed(1)} times the sessions, detection alone ${times.detection.toFixed(1)} times as cheap (4: ${times.detection >= 4 ? "met" : "MISSED"}).`,
  );
}
// A server that gets too little of the machine does less than it should, and looks cheap.
if (!allHeard)
  console.log("VOID: not all speech was heard, the machine was too busy. Fewer BENCH_CONNECTIONS may help.");
else {
  const bars = [...perCore].map(([{ name }, value]) => ({ name, value }));
  await writeBars("listening", { title: "Listening sessions per core", bars });
}
process.exit(0);
