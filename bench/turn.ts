/**
 * What a turn costs beside its providers: from `response.create` to the first audio, less the time the providers took
 * themselves; and from a cancel, or from detected speech, to `response.done`. Over a real WebSocket, with a bare echo
 * in the same run as the floor.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import WebSocket, { WebSocketServer } from "ws";
import { allowAnyone, createRealtimeHandler, pipeline, type LanguageModel, type TextToSpeech } from "antiphon";
import { scriptedStt, scriptedVad, tone } from "antiphon/testing";
import { percentile, sleep, table } from "./measure";

const TURNS = Number(process.env["BENCH_TURNS"] ?? 300);
const LLM_MS = 20;
const TTS_MS = 20;

/** The moments that are the providers' own, so that their timers' inaccuracy does not count as ours. */
const provider = { askedAt: 0, wordsAt: 0, textAt: 0, audioAt: 0 };

const llm: LanguageModel = {
  name: "fixed",
  capabilities: { tools: true, images: true },
  async *generate({ signal }) {
    provider.askedAt = performance.now();
    await sleep(LLM_MS);
    provider.wordsAt = performance.now();
    yield { type: "text", text: "Well, that is easy. And there is" };
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 400);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    yield { type: "finish", reason: "stop" };
  },
};

const tts: TextToSpeech = {
  name: "fixed",
  capabilities: { streaming: true, speed: true },
  voices: undefined,
  defaultVoice: "alloy",
  async *synthesize() {
    provider.textAt = performance.now();
    await sleep(TTS_MS);
    provider.audioAt = performance.now();
    yield tone({ ms: 200 });
  },
};

const server = createServer();
createRealtimeHandler({
  engine: pipeline({ stt: scriptedStt(), llm, tts, vad: scriptedVad() }),
  authenticate: allowAnyone(),
  validateEvents: false,
}).attach(server);

async function listen(each: Server): Promise<number> {
  each.listen(0, "127.0.0.1");
  await once(each, "listening");
  return (each.address() as AddressInfo).port;
}

const echo = createServer();
new WebSocketServer({ server: echo }).on("connection", (socket) =>
  socket.on("message", (data) => socket.send(data.toString())),
);

async function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/realtime?model=antiphon`);
  await once(socket, "open");
  return socket;
}

function waitFor(socket: WebSocket, type: string): Promise<number> {
  return new Promise((resolve) => {
    const listener = (data: WebSocket.RawData): void => {
      const text = data.toString();
      if (!text.includes(`"type":"${type}"`)) return;
      const at = performance.now();
      socket.off("message", listener);
      resolve(at);
    };
    socket.on("message", listener);
  });
}

const send = (socket: WebSocket, event: object): void => socket.send(JSON.stringify(event));

async function echoes(): Promise<number[]> {
  const socket = await open(await listen(echo));
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const startedAt = performance.now();
    send(socket, { type: "echo" });
    times.push((await waitFor(socket, "echo")) - startedAt);
  }
  socket.terminate();
  return times;
}

const socket = await open(await listen(server));
const speech = Buffer.from(tone({ ms: 200 }).samples.buffer).toString("base64");
const silence = Buffer.alloc(48 * 1_200).toString("base64");
const overhead: number[] = [];
const cancelled: number[] = [];
const bargedIn: number[] = [];

async function begin(): Promise<void> {
  const startedAt = performance.now();
  const heard = waitFor(socket, "response.output_audio.delta");
  send(socket, { type: "response.create" });
  const theirs = async (): Promise<number> => provider.wordsAt - provider.askedAt + provider.audioAt - provider.textAt;
  const heardAt = await heard;
  overhead.push(heardAt - startedAt - (await theirs()));
}

for (let turn = 0; turn < TURNS; turn += 1) {
  await begin();
  const done = waitFor(socket, "response.done");
  if (turn % 2 === 0) {
    const at = performance.now();
    send(socket, { type: "response.cancel" });
    cancelled.push((await done) - at);
  } else {
    const detected = waitFor(socket, "input_audio_buffer.speech_started");
    send(socket, { type: "input_audio_buffer.append", audio: speech });
    bargedIn.push((await done) - (await detected));
    // The rest of that turn: its answer is stopped, and the conversation kept short.
    const answered = waitFor(socket, "response.created");
    send(socket, { type: "input_audio_buffer.append", audio: silence });
    await answered;
    const over = waitFor(socket, "response.done");
    send(socket, { type: "response.cancel" });
    await over;
  }
}
const floor = await echoes();
socket.terminate();

const row = (what: string, times: readonly number[], target: string) => ({
  what,
  "median ms": percentile(times, 0.5).toFixed(2),
  "p99 ms": percentile(times, 0.99).toFixed(2),
  target,
});
console.log(`\n## Turns: ${TURNS}, language model ${LLM_MS} ms, voice ${TTS_MS} ms\n`);
table([
  row("echo over bare ws (floor)", floor, ""),
  row("response.create → first audio, less the providers", overhead, "5 / 20"),
  row("response.cancel → response.done", cancelled, "20"),
  row("speech_started → response.done", bargedIn, "20"),
]);
const met =
  percentile(overhead, 0.5) <= 5 &&
  percentile(overhead, 0.99) <= 20 &&
  percentile([...cancelled, ...bargedIn], 0.99) <= 20;
console.log(`\n${met ? "Met." : "MISSED."}`);
process.exit(0);
