/** The server of `bench/webrtc.ts`, in a process of its own: calls that talk without end, and an echo beneath the sessions. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  allowAnyone,
  createRealtimeHandler,
  missingStt,
  pipeline,
  type LanguageModel,
  type TextToSpeech,
  type VoiceActivityDetector,
} from "antiphon";
import { WebRtcEndpoint } from "../server/realtime/transport/webrtc/endpoint";

export interface CallStats {
  /** CPU of this process with all its threads, in ms. */
  readonly cpuMs: number;
  readonly residentMb: number;
  readonly heapMb: number;
  /** Gaps of the event loop since the last question, in ms. */
  readonly gaps: readonly number[];
}

/** Speaks for half an hour in pieces of a second, and is never faster than it is asked. */
const endless: TextToSpeech = {
  name: "endless",
  capabilities: { streaming: true, speed: true },
  voices: undefined,
  defaultVoice: "endless",
  async *synthesize() {
    const samples = Int16Array.from({ length: 24_000 }, (_, i) => 6_000 * Math.sin(i / 9) * Math.sin(i / 700));
    for (let second = 0; second < 1_800; second += 1) yield await Promise.resolve({ samples, sampleRate: 24_000 });
  },
};

const brief: LanguageModel = {
  name: "brief",
  capabilities: { tools: false, images: false },
  async *generate() {
    yield await Promise.resolve({ type: "text", text: "On and on." } as const);
    yield { type: "finish", reason: "stop", usage: undefined };
  },
};

/** Takes the sound and never finds that somebody speaks: this is about the calls. */
const deaf: VoiceActivityDetector = { name: "deaf", open: () => ({ push: () => undefined, close: () => undefined }) };

const bindAddress = "127.0.0.1";
const handler = createRealtimeHandler({
  engine: pipeline({
    stt: missingStt("Nobody is listened to here."),
    llm: brief,
    tts: endless,
    vad: deaf,
  }),
  authenticate: allowAnyone(),
  webrtc: { bindAddress },
});
const endpoint = new WebRtcEndpoint({ bindAddress });

const server = createServer((req, res) => {
  if (req.url !== "/echo") return handler.middleware(req, res);
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", () => {
    void endpoint.answer(Buffer.concat(chunks).toString()).then(({ peer, answer }) => {
      peer.listen({ onFrame: () => undefined, onClose: () => undefined });
      peer.audio.listen({ onAudio: (samples) => peer.audio.play(samples), onPlayed: () => undefined });
      res.writeHead(201, { location: "/rtc_echo" }).end(answer);
    });
  });
});

let gaps: number[] = [];
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  gaps.push(Math.max(0, now - last - 5));
  last = now;
}, 5);

process.on("message", () => {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const stats: CallStats = {
    cpuMs: (user + system) / 1000,
    residentMb: rss / 1024 / 1024,
    heapMb: (heapUsed + external) / 1024 / 1024,
    gaps,
  };
  gaps = [];
  last = performance.now();
  process.send?.(stats);
});
process.on("disconnect", () => process.exit(0));
server.listen(0, bindAddress, () => process.send?.({ port: (server.address() as AddressInfo).port }));
