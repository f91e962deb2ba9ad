import { concatPcm } from "../../realtime/audio/pcm";
import type { VadStream, VadStreamOptions, VoiceActivityDetector } from "../../realtime/engine/types";
import { NativeGate } from "./native-gate";
import { resolvePackage } from "./optional-package";
import { sileroPath } from "./silero-model";
import { ONNX_PACKAGE, type SileroNews, type SileroReport } from "./silero-protocol";
import { SileroQueue } from "./silero-queue";
import { spawnWorker } from "./spawn-worker";
import { WorkerClient, WorkerDied } from "./worker-client";

export interface SileroOptions {
  /** Start the thread and load the model now, not with the first stream. Default false. */
  readonly preload?: boolean;
}

/** Deaths of the worker, without one message heard in between, after which the open streams are given up. */
const MOST_DEATHS = 3;

/**
 * Voice activity by the Silero v6 model, in one worker thread for all streams: make one detector for the process. Frames
 * last 32 ms. Streams of 8 kHz use the model's 8 kHz form, others are brought to 16 kHz. If the thread dies, it is
 * started again and the streams go on; only if that fails three times they end with `onError`.
 *
 * Rejects when `onnxruntime-node` or `@ricky0123/vad-web` (which ships the model) is not installed.
 */
export async function createSilero({ preload = false }: SileroOptions = {}): Promise<VoiceActivityDetector> {
  resolvePackage(ONNX_PACKAGE, "Silero");
  sileroPath();
  const silero = new Silero();
  if (preload) silero.start();
  return { name: "silero", open: (options) => silero.open(options), close: () => silero.close() };
}

/**
 * Collects what happens to the streams and tells the worker, one message at a time: while the model works, the next
 * message gathers, so that batches grow with the load.
 */
class Silero {
  readonly #worker: WorkerClient<SileroNews, SileroReport>;
  readonly #streams = new Map<number, SileroQueue>();
  /** Open here, but the worker does not know yet. */
  readonly #opened = new Set<SileroQueue>();
  readonly #closed: number[] = [];
  /** With samples that the worker has not heard. */
  readonly #waiting = new Set<SileroQueue>();
  #nextId = 1;
  #busy = false;
  #deaths = 0;
  /** Each thread has its own. */
  #gate = new NativeGate();

  constructor() {
    this.#worker = new WorkerClient({
      name: "Silero",
      spawn: () => {
        this.#gate = new NativeGate();
        return spawnWorker("silero-worker", { data: this.#gate.memory });
      },
      beforeEnd: () => this.#gate.shut(),
      onDeath: (reason) => this.#onDeath(reason),
    });
  }

  start(): void {
    this.#worker.start();
  }

  open(options: VadStreamOptions): VadStream {
    const stream = new SileroQueue(this.#nextId++, options);
    this.#streams.set(stream.id, stream);
    this.#opened.add(stream);
    this.#schedule();
    return { push: (samples) => this.#push(stream, samples), close: () => this.#forget(stream) };
  }

  async close(): Promise<void> {
    for (const stream of this.#streams.values()) this.#forget(stream);
    await this.#worker.close();
  }

  #push(stream: SileroQueue, samples: Int16Array): void {
    if (!this.#streams.has(stream.id) || samples.length === 0) return;
    stream.push(samples);
    this.#waiting.add(stream);
    if (stream.isTooLong) this.#fail(stream, new Error("Audio comes faster than it can be listened to."));
    else this.#schedule();
  }

  #forget(stream: SileroQueue): void {
    if (!this.#streams.delete(stream.id)) return;
    this.#waiting.delete(stream);
    if (!this.#opened.delete(stream)) this.#closed.push(stream.id);
    this.#schedule();
  }

  /** Tells the owner later: nobody is called back from inside a call of theirs. */
  #fail(stream: SileroQueue, error: Error): void {
    this.#forget(stream);
    queueMicrotask(() => stream.options.onError(error));
  }

  #schedule(): void {
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => void this.#talk());
  }

  async #talk(): Promise<void> {
    try {
      while (this.#opened.size + this.#waiting.size + this.#closed.length > 0) await this.#tell();
    } finally {
      this.#busy = false;
    }
  }

  /** One message to the worker, and what came of it. */
  async #tell(): Promise<void> {
    const waiting = [...this.#waiting];
    const news = this.#gather(waiting);
    let report: SileroReport;
    try {
      report = await this.#worker.call(news, [news.samples.buffer]);
    } catch (error) {
      for (const stream of waiting) stream.putBack();
      // After a death `#onDeath` has already decided.
      if (!(error instanceof WorkerDied)) this.#failAll(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#deaths = 0;
    for (const stream of waiting) {
      stream.confirm();
      if (stream.isEmpty) this.#waiting.delete(stream);
    }
    this.#deliver(report);
  }

  #gather(waiting: readonly SileroQueue[]): SileroNews {
    const opened = [...this.#opened].map(({ id, heard, options }) => ({ id, heard, sampleRate: options.sampleRate }));
    this.#opened.clear();
    const taken = waiting.map((stream) => concatPcm(stream.take()));
    return {
      closed: this.#closed.splice(0),
      opened,
      pushed: waiting.map(({ id }, index) => ({ id, length: taken[index]!.length })),
      samples: concatPcm(taken),
    };
  }

  #deliver({ ids, endSamples, probabilities, failed }: SileroReport): void {
    for (const { id, message } of failed) {
      const stream = this.#streams.get(id);
      if (stream) this.#fail(stream, new Error(message));
    }
    for (const [index, id] of ids.entries()) {
      const stream = this.#streams.get(id);
      stream?.options.onFrame({ endSample: endSamples[index]!, probability: probabilities[index]! });
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
