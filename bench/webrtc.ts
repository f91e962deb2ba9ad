/**
 * Calls over WebRTC: what one costs while both sides talk, how late the server makes a sound, and what calls leave behind.
 * The clients are real ones, in this process; the server has its own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { callOver, type TestPeer } from "../server/realtime/testing/webrtc-peer";
import { percentile, sleep, table } from "./measure";
import type { CallStats } from "./webrtc-server";

const CALLS = 20;
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const CHURN = 300;

const child = fork(fileURLToPath(new URL("./webrtc-server.ts", import.meta.url)), [], {
  execArgv: ["--import", "tsx", "--expose-gc"],
  env: { ...process.env, NODE_ENV: "production" },
});
const [{ port }] = (await once(child, "message")) as [{ port: number }];

async function stats(): Promise<CallStats> {
  child.send("stats");
  const [answer] = (await once(child, "message")) as [CallStats];
  return answer;
}

function call(path?: string): Promise<TestPeer> {
  const post = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
      method: "POST",
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      body: await request.text(),
    });
  };
  return callOver(post, path === undefined ? {} : { path });
}

const tone = (ms: number): Int16Array => Int16Array.from({ length: ms * 24 }, (_, i) => 8_000 * Math.sin(i / 11));

// ---------------------------------------------------------------- cost

async function cost(): Promise<{ share: number; gapP99: number; gapMax: number; heardShare: number }> {
  const peers: TestPeer[] = [];
  for (let i = 0; i < CALLS; i += 1) {
    const peer = await call();
    await peer.client.next("session.created", { timeoutMs: 10_000 });
    peer.client.send({ type: "response.create" });
    peers.push(peer);
  }
  const talking = peers.map((peer) => peer.say(tone((SECONDS + 6) * 1_000)));
  await sleep(3_000);
  const before = await stats();
  const heardBefore = peers.map(({ heard }) => heard.length);
  const startedAt = performance.now();
  await sleep(SECONDS * 1_000);
  const after = await stats();
  const passed = performance.now() - startedAt;
  const frames = peers.reduce((sum, { heard }, index) => sum + heard.length - (heardBefore[index] ?? 0), 0);
  for (const peer of peers) peer.close();
  await Promise.all(talking);
  return {
    share: (after.cpuMs - before.cpuMs) / passed / CALLS,
    gapP99: percentile(after.gaps, 0.99),
    gapMax: Math.max(...after.gaps),
    heardShare: frames / ((passed / 20) * CALLS),
  };
}

// ---------------------------------------------------------------- delay

const FRAME = 480;
const ROUNDS = 60;
const FRAMES_A_ROUND = 13;
const SILENT_FRAMES = 50;

/**
 * Clicks go through the server and back, in one stream at the pace of speech: late is what lies between the moment at
 * which a click's frame is due to go out and the first of it that comes back.
 */
async function delay(): Promise<number[]> {
  const peer = await call("/echo");
  const clickAt = (round: number): number => SILENT_FRAMES + round * FRAMES_A_ROUND;
  const sound = new Int16Array(clickAt(ROUNDS + 1) * FRAME);
  for (let round = 0; round < ROUNDS; round += 1) sound.set(tone(20), clickAt(round) * FRAME);
  const startedAt = performance.now();
  await peer.say(sound);
  const loud = peer.heard.filter(({ samples }) => samples.some((sample) => Math.abs(sample) > 2_000));
  peer.close();
  return Array.from({ length: ROUNDS }, (_, round) => startedAt + clickAt(round) * 20).flatMap((sentAt) => {
    const back = loud.find(({ at }) => at >= sentAt && at < sentAt + FRAMES_A_ROUND * 20);
    return back === undefined ? [] : [back.at - sentAt];
  });
}

// ---------------------------------------------------------------- what is left

async function churn(): Promise<{ at: number; residentMb: number; heapMb: number }[]> {
  const marks: { at: number; residentMb: number; heapMb: number }[] = [];
  for (let done = 0; done < CHURN; done += 10) {
    const peers = await Promise.all(Array.from({ length: 10 }, () => call()));
    await Promise.all(peers.map((peer) => peer.say(tone(200))));
    for (const peer of peers) peer.close();
    await sleep(150);
    if ((done + 10) % 100 === 0) {
      await sleep(1_000);
      const { residentMb, heapMb } = await stats();
      marks.push({ at: done + 10, residentMb, heapMb });
    }
  }
  return marks;
}

const delays = await delay();
if (delays.length < ROUNDS * 0.9) throw new Error(`Only ${delays.length} of ${ROUNDS} clicks came back.`);
const { share, gapP99, gapMax, heardShare } = await cost();
const marks = await churn();
const grown = (marks.at(-1)?.residentMb ?? NaN) - (marks[0]?.residentMb ?? NaN);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

console.log(`\n## webrtc: ${CALLS} calls, both sides talking`);
table([
  { what: "CPU of a call, % of a core", value: round(share * 100, 2), target: 2.5 },
  { what: "frames that reached the client, %", value: round(heardShare * 100), target: 99 },
  { what: "event-loop gap, p99 ms", value: round(gapP99), target: "" },
  { what: "event-loop gap, longest ms", value: round(gapMax), target: 20 },
  { what: "there and back through the server, median ms", value: round(percentile(delays, 0.5)), target: 60 },
  { what: "there and back through the server, p95 ms", value: round(percentile(delays, 0.95)), target: "" },
  ...marks.map(({ at, residentMb, heapMb }) => ({
    what: `memory after ${at} calls, MB resident (heap)`,
    value: `${round(residentMb)} (${round(heapMb)})`,
    target: "",
  })),
  { what: `growth from 100 to ${CHURN} calls, MB`, value: round(grown), target: 5 },
]);
const met = share <= 0.025 && percentile(delays, 0.5) <= 60 && gapP99 <= 20 && grown <= 5;
console.log(met ? "Targets met." : "A target is not met.");
child.disconnect();
process.exit(0);
