/**
 * The server under test, in a process of its own: `floor` (bare ws that parses and decodes), `antiphon`, `listening`, which
 * is antiphon with the real detector as the arguments after it say (`no-gate`, `no-batch`, `narrow`, `naive`), or `relay`,
 * which is antiphon before the server whose URL is the argument after it.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { WebSocketServer } from "ws";
import { allowAnyone, createRealtimeHandler, pipeline, relay } from "antiphon";
import { createSilero } from "antiphon/providers/local";
import { scriptedLlm, scriptedStt, scriptedTts } from "antiphon/testing";
import type { VoiceActivityDetector } from "../server/realtime/engine/types";
import { createNaiveSilero } from "./naive-silero";

export interface ServerStats {
  /** Microseconds of CPU since the process began, before and after the collection. */
  readonly cpu: number;
  readonly cpuAfter: number;
  /** Bytes, after a full garbage collection if there was one. */
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  /** 99th percentile of the event loop's delay since the last asking, in ms. */
  readonly loopP99: number;
}

const [mode, ...flags] = process.argv.slice(2);
const server = createServer();
/** The monitor's own pace is part of what it measures. */
const LOOP_RESOLUTION_MS = 5;
const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
loop.enable();

if (mode === "relay") {
  createRealtimeHandler({
    engine: relay({ url: new URL("/v1/realtime", flags[0]) }),
    authenticate: allowAnyone(),
    limits: { maxPending: 5_000 },
  }).attach(server);
} else if (mode !== "floor") {
  const vad = mode === "listening" ? await detector() : undefined;
  const stages = { stt: scriptedStt(), llm: scriptedLlm(), tts: scriptedTts() };
  // They write down what they are asked, audio included: that is for tests.
  setInterval(() => {
    for (const { calls } of Object.values(stages)) Object.assign(calls, { length: 0 });
  }, 100);
  createRealtimeHandler({
    engine: pipeline({ ...stages, vad }),
    authenticate: allowAnyone(),
    validateEvents: false,
    limits: { maxPending: 5_000 },
  }).attach(server);
} else {
  const bare = new WebSocketServer({ server, perMessageDeflate: false });
  bare.on("connection", (socket) => {
    const kept: Buffer[] = [];
    let bytes = 0;
    socket.on("message", (frame: Buffer) => {
      const event: { audio?: string } = JSON.parse(frame.toString());
      const audio = Buffer.from(event.audio ?? "", "base64");
      kept.push(audio);
      bytes += audio.length;
      // As much as a session keeps before a client commits.
      if (bytes > 480_000) bytes -= kept.shift()?.length ?? 0;
    });
  });
}

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on("message", (question) => void answer(question === "stats"));

/** A full collection changes when the next ones come: where CPU is measured, nobody asks for one. */
async function answer(collect: boolean): Promise<void> {
  const cpu = cpuMicros();
  const loopP99 = loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS;
  // Memory outside of the heap is given back a little later than what held it.
  for (let round = 0; collect && round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const stats: ServerStats = { cpu, cpuAfter: cpuMicros(), rss, heap: heapUsed, external, loopP99 };
  loop.reset();
  process.send?.(stats);
}

function detector(): Promise<VoiceActivityDetector> {
  if (flags.includes("naive")) return createNaiveSilero();
  return createSilero({
    preload: true,
    gate: !flags.includes("no-gate"),
    narrowModel: flags.includes("narrow"),
    ...(flags.includes("no-batch") && { batch: 1 }),
  });
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

process.on("disconnect", () => process.exit(0));
