import { rm } from "node:fs/promises";
import { isSampleRate } from "../../../realtime/audio/pcm";
import type { TurnDetector, TurnPause } from "../../../realtime/engine/types";
import { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { spawnWorker } from "../spawn-worker";
import { WorkerClient } from "../worker-client";
import { WorkerPool } from "../worker-pool";
import { HEARD_SECONDS } from "./features";
import { obtainModel } from "./model-file";
import { ONNX_PACKAGE, type SmartTurnQuestion, type SmartTurnSettings } from "./protocol";

export interface SmartTurnOptions {
  /** An ONNX file: a path, or an `https:` URL that is fetched once (`http:` is taken from this machine only). */
  readonly model: string;
  /** What the file's SHA-256 must be, in hex; checked at every start. Default: not checked. */
  readonly sha256?: string;
  /** Downloads are kept in its folder `models`; made when it is missing. */
  readonly dataDir: string;
  /** The largest download, in bytes. Default 128 MiB. */
  readonly maxBytes?: number;
  /** For the whole download, in ms. Default 120000. */
  readonly downloadTimeoutMs?: number;
  /** For one judgement, in ms: a thread that takes longer is ended, and started again with the next. Default 10000. */
  readonly judgeTimeoutMs?: number;
}

/** Without audio there is nothing to go by. */
const EVEN_CHANCE = 0.5;

/**
 * End of turn by an ONNX model that listens, such as Smart Turn v3: it takes Whisper's features of 8 seconds of 16 kHz
 * audio (float32, 1 × 80 × 800) and answers with one probability. It runs in one worker thread, one pause after the other;
 * words are not used.
 *
 * Rejects when `onnxruntime-node` is not installed, when the file is missing, cannot be fetched or has another checksum,
 * and when it is no such model. `judge` rejects when the signal aborts, and when the model fails.
 */
export async function createSmartTurn(options: SmartTurnOptions): Promise<TurnDetector> {
  resolvePackage(ONNX_PACKAGE, "Smart Turn");
  const { model, sha256, dataDir, maxBytes = 128 * 1024 * 1024, downloadTimeoutMs: timeoutMs = 120_000 } = options;
  const { path, isNew } = await obtainModel({ model, sha256, dataDir, maxBytes, timeoutMs });
  let nativeGate = new NativeGate();
  const worker = new WorkerClient<SmartTurnQuestion, number>({
    name: "Smart Turn",
    spawn: () => {
      nativeGate = new NativeGate();
      const data: SmartTurnSettings = { path, nativeGate: nativeGate.memory };
      return spawnWorker("smart-turn-worker", { folder: import.meta.url, data });
    },
    beforeEnd: () => nativeGate.shut(),
    timeoutMs: options.judgeTimeoutMs ?? 10_000,
  });
  try {
    // What does not fit shows now, not in somebody's first pause.
    await worker.call({ samples: new Int16Array(0), sampleRate: 16_000 });
  } catch (error) {
    await worker.close();
    // Nobody shall find it again who would not fetch it again.
    if (isNew) await rm(path, { force: true });
    throw error;
  }
  const pool = new WorkerPool([worker]);
  return { name: "smart-turn", judge: (pause) => judge(pool, pause), close: () => pool.close() };
}

async function judge(pool: WorkerPool<SmartTurnQuestion, number>, { audio, signal }: TurnPause): Promise<number> {
  signal.throwIfAborted();
  const { samples, sampleRate } = audio;
  if (samples.length === 0 || !isSampleRate(sampleRate)) return EVEN_CHANCE;
  // A copy of no more than is heard: otherwise all of the memory behind it would travel.
  return pool.run({ samples: samples.slice(-HEARD_SECONDS * sampleRate), sampleRate }, signal);
}
