import { isSampleRate } from "../../../realtime/audio/pcm";
import type { VadStream, VadStreamOptions, VoiceActivityDetector } from "../../../realtime/engine/types";
import { NativeGate } from "../native-gate";
import { resolvePackage } from "../optional-package";
import { spawnWorker } from "../spawn-worker";
import { WorkerClient, WorkerDied } from "../worker-client";
import { sileroPath } from "./model";
import {
  CERTAIN,
  FAINT,
  ONNX_PACKAGE,
  REPORTED,
  type SileroNews,
  type SileroReport,
  type SileroSettings,
} from "./protocol";
import { RingPool } from "./ring-pool";
import { SileroStream } from "./stream";

export interface SileroOptions {
  /** Start the thread and load the model now, not with the first stream. Default false. */
  readonly preload?: boolean;
  /**
   * Spare the model what is no louder (by 6 dB) than the background, which is followed; such frames have a probability
   * of 0. The model then hears 40–50 % of a conversation, and next to nothing of silence. Default true.
   */
  readonly gate?: boolean;
  /** Frames of different streams that run through the model at once, 1 to 256. Default 32, about four times as fast. */
  readonly batch?: number;
  /**
   * Hear streams of 8 kHz (G.711) with the model's own form for that rate, not with the one for 16 kHz: cheaper by a
   * quarter, but in babble it misses more and imagines more. Default false.
   */
  readonly narrowModel?: boolean;
}

/** Deaths of the worker, without one call answered in between, after which the open streams are given up. */
const MOST_DEATHS = 3;
/** A worker that is silent for so long counts as dead. Loading the model takes a second, a call 50 ms. */
const SILENCE_MS = 20_000;

/**
 * Voice activity by the Silero v6 model, in one worker thread for all streams: make one detector for the process. Frames
 * last 32 ms; streams are brought to 16 kHz. If the thread dies, it is
 * started again and the streams go on where they were; only if that fails three times they end with `onError`. A stream
 * that is ten minutes behind loses the older half of them, which is then reported as one frame of silence.
 *
 * Rejects when `onnxruntime-node` or `@ricky0123/vad-web` (which ships the model) is not installed, and with a
 * RangeError for a batch out of range.
 */
export async function createSilero(options: SileroOptions = {}): Promise<VoiceActivityDetector> {
  const { preload = false, gate = true, batch = 32, narrowModel: narrow = false } = options;
  if (!Number.isInteger(batch) || batch < 1 || batch > 256) {
    throw new RangeError(`Silero takes 1 to 256 frames at once, not ${batch}.`);
  }
  resolvePackage(ONNX_PACKAGE, "Silero");
  sileroPath();
  const silero = new Silero({ gate, batch, narrow });
  if (preload) silero.start();
  return { name: "silero", open: (stream) => silero.open(stream), close: () => silero.close() };
}

/**
 * Samples go to the worker through shared memory, without a word. A call tells it to look; it looks, answers with what
 * it found, and is called again for as long as samples come. While it works, more gather, so batches grow with the load.
 */
class Silero {
  readonly #worker: WorkerClient<SileroNews, SileroReport>;
  readonly #rings = new RingPool();
  readonly #streams = new Map<number, SileroStream>();
  /** Open here, but the worker does not know yet. */
  readonly #opened = new Set<SileroStream>();
  readonly #closed: number[] = [];
  #nextId = 1;
  /** Something happened that the worker was not called for. */
  #news = false;
  #busy = false;
  #deaths = 0;
  /** Each thread has its own. */
  #nativeGate = new NativeGate();

  constructor(settings: Omit<SileroSettings, "nativeGate">) {
    this.#worker = new WorkerClient({
      name: "Silero",
      spawn: () => {
        this.#nativeGate = new NativeGate();
        const data: SileroSettings = { ...settings, nativeGate: this.#nativeGate.memory };
        return spawnWorker("silero-worker", { folder: import.meta.url, data });
      },
      beforeEnd: () => this.#nativeGate.shut(),
      onDeath: (reason) => this.#onDeath(reason),
      timeoutMs: SILENCE_MS,
    });
  }

  start(): void {
    this.#worker.start();
  }

  open(options: VadStreamOptions): VadStream {
    const { sampleRate } = options;
    if (!isSampleRate(sampleRate)) {
      queueMicrotask(() => options.onError(new RangeError(`Silero cannot listen at ${sampleRate} Hz.`)));
      return { push() {}, close() {} };
    }
    const stream = new SileroStream(this.#nextId++, this.#rings.take(sampleRate), options);
    this.#streams.set(stream.id, stream);
    this.#opened.add(stream);
    this.#schedule();
    return { push: (samples) => this.#push(stream, samples), close: () => this.#forget(stream) };
  }

  async close(): Promise<void> {
    for (const stream of this.#streams.values()) this.#forget(stream);
    await this.#worker.close();
  }

  /** The hot path: a copy into shared memory. */
  #push(stream: SileroStream, samples: Int16Array): void {
    if (!this.#streams.has(stream.id)) return;
    stream.push(samples);
    if (stream.isTooFarBehind) this.#skip(stream);
    this.#schedule();
  }

  /** The worker knows the stream no more, and gets it as a new one. */
  #skip(stream: SileroStream): void {
    const endSample = stream.skip();
    this.#streams.delete(stream.id);
    if (!this.#opened.has(stream)) this.#closed.push(stream.id);
    stream.id = this.#nextId++;
    this.#streams.set(stream.id, stream);
    this.#opened.add(stream);
    queueMicrotask(() => stream.options.onFrame({ endSample, probability: 0 }));
  }

  #forget(stream: SileroStream): void {
    if (!this.#streams.delete(stream.id)) return;
    this.#rings.giveBack(stream.ring, stream.options.sampleRate);
    if (!this.#opened.delete(stream)) this.#closed.push(stream.id);
    this.#schedule();
  }

  /** Tells the owner later: nobody is called back from inside a call of theirs. */
  #fail(stream: SileroStream, error: Error): void {
    this.#forget(stream);
    queueMicrotask(() => stream.options.onError(error));
  }

  #schedule(): void {
    this.#news = true;
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => void this.#talk());
  }

  async #talk(): Promise<void> {
    try {
      while (this.#news) await this.#call();
    } finally {
      this.#busy = false;
    }
  }

  async #call(): Promise<void> {
    this.#news = false;
    const opened = [...this.#opened].map((stream) => stream.opening);
    this.#opened.clear();
    try {
      const report = await this.#worker.call({ closed: this.#closed.splice(0), opened });
      this.#deaths = 0;
      this.#deliver(report);
    } catch (error) {
      // After a death `#onDeath` has already decided.
      if (!(error instanceof WorkerDied)) this.#failAll(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #deliver({ frames, failed, more }: SileroReport): void {
    if (more) this.#news = true;
    for (const { id, message } of failed) {
      const stream = this.#streams.get(id);
      if (stream) this.#fail(stream, new Error(message));
    }
    for (let at = 0; at < frames.length; at += REPORTED) {
      const stream = this.#streams.get(frames[at]!);
      if (stream === undefined) continue;
      const endSample = frames[at + 1]!;
      const probability = frames[at + 2]!;
      const marks = frames[at + 3]!;
      if (stream.hear(endSample)) this.#news = true;
      stream.options.onFrame({
        endSample,
        probability,
        certain: (marks & CERTAIN) !== 0,
        faint: (marks & FAINT) !== 0,
      });
    }
  }

  /** A new worker knows nothing: the streams are opened there again, from where they were heard. */
  #onDeath(reason: WorkerDied): void {
    this.#closed.length = 0;
    this.#deaths += 1;
    if (this.#deaths < MOST_DEATHS) for (const stream of this.#streams.values()) this.#opened.add(stream);
    else this.#failAll(reason);
    this.#schedule();
  }

  #failAll(error: Error): void {
    for (const stream of this.#streams.values()) this.#fail(stream, error);
    this.#deaths = 0;
  }
}
