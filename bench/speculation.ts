/**
 * How long after `speech_stopped` the first audio comes, with and without speculation: providers of 100 ms (words),
 * 150 ms (reply) and 100 ms (voice), 500 ms of silence, audio sent at the pace of speech. And what was done in vain when
 * people pause in mid-sentence.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { allowAnyone, createRealtimeHandler, pipeline, type SessionObserver } from "antiphon";
import { RealtimeTestClient, scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone } from "antiphon/testing";
import { percentile, sleep, table } from "./measure";

const SESSIONS = 8;
const TURNS = Number(process.env["BENCH_TURNS"] ?? 6);
const CHUNK_MS = 20;

type Mode = "off" | "transcribe" | "reply";

interface Outcome {
  readonly gaps: number[];
  readonly used: number;
  readonly dropped: number;
  readonly wastedTokens: number;
}

async function run(mode: Mode): Promise<Outcome> {
  let used = 0;
  let dropped = 0;
  let wastedTokens = 0;
  const watch: SessionObserver = {
    name: "speculation",
    observe: (_info, seen) => {
      if (seen.type !== "speculation") return;
      if (seen.outcome === "used") used += 1;
      else dropped += 1;
      wastedTokens += seen.usage?.total_tokens ?? 0;
    },
  };
  const handler = createRealtimeHandler({
    engine: pipeline({
      stt: scriptedStt({ hear: "hello", delayMs: 100 }),
      llm: scriptedLlm({ reply: "Hello there, friend. How are", delayMs: 150 }),
      tts: scriptedTts({ delayMs: 100 }),
      vad: scriptedVad(),
    }),
    authenticate: allowAnyone(),
    validateEvents: false,
    turnTaking: { speculate: mode },
    observers: [watch],
  });
  const server = createServer();
  handler.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime?model=antiphon`;
  const gaps = (await Promise.all(Array.from({ length: SESSIONS }, () => talk(url)))).flat();
  await handler.close({ drainMs: 1 });
  server.close();
  return { gaps, used, dropped, wastedTokens };
}

/** Speaks 600 ms, pauses 250 ms in every other turn, speaks again, and is silent until it is answered. */
async function talk(url: string): Promise<number[]> {
  const client = await RealtimeTestClient.connect(url);
  const gaps: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const at = { stopped: 0, audio: 0 };
    const stopped = client.next("input_audio_buffer.speech_stopped", { timeoutMs: 10_000 }).then(async () => {
      at.stopped = performance.now();
      await client.next("response.output_audio.delta", { timeoutMs: 10_000 });
      at.audio = performance.now();
    });
    await send(client, 600, 0.3);
    if (turn % 2 === 1) {
      await send(client, 250, 0);
      await send(client, 400, 0.3);
    }
    await send(client, 700, 0);
    await stopped;
    gaps.push(at.audio - at.stopped);
    await client.next("response.done", { timeoutMs: 10_000 });
  }
  await client.close();
  return gaps;
}

async function send(client: RealtimeTestClient, ms: number, amplitude: number): Promise<void> {
  const chunk = Buffer.from(tone({ ms: CHUNK_MS, amplitude }).samples.buffer).toString("base64");
  const startedAt = performance.now();
  for (let sent = 0; sent < ms; sent += CHUNK_MS) {
    client.send({ type: "input_audio_buffer.append", audio: chunk });
    await sleep(Math.max(0, startedAt + sent + CHUNK_MS - performance.now()));
  }
}

console.log(`\n## Heard latency: speech_stopped → first audio, providers 100/150/100 ms, 500 ms of silence\n`);
const rows: Record<string, string | number>[] = [];
const medians = new Map<Mode, number>();
for (const mode of ["off", "transcribe", "reply"] as const) {
  const { gaps, used, dropped, wastedTokens } = await run(mode);
  medians.set(mode, percentile(gaps, 0.5));
  rows.push({
    speculate: mode,
    "median ms": percentile(gaps, 0.5).toFixed(1),
    "p95 ms": percentile(gaps, 0.95).toFixed(1),
    "guesses used": used,
    "in vain": dropped,
    "tokens in vain": wastedTokens,
  });
}
table(rows);
const met = (medians.get("reply") ?? Infinity) <= 20 && (medians.get("off") ?? Infinity) <= 360;
console.log(`\nTargets: reply at most 20 ms, off at most 360 ms (median). ${met ? "Met." : "MISSED."}`);
process.exit(0);
