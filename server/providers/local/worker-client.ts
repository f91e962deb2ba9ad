import type { Worker } from "node:worker_threads";

export interface WorkerRequest<Input> {
  readonly id: number;
  readonly input: Input;
}

export type WorkerReply<Output> =
  | { readonly id: number; readonly ok: true; readonly value: Output }
  | { readonly id: number; readonly ok: false; readonly error: Error };

/** The worker ended before it had answered. The next call starts another one. */
export class WorkerDied extends Error {
  override readonly name = "WorkerDied";
}

interface Pending<Output> {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (value: Output) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerClientOptions {
  /** Who it is, for error messages, for example `Flite`. */
  readonly name: string;
  readonly spawn: () => Worker;
  /** Milliseconds to wait for an answer before the worker is given up and ended. Default 60000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Asks a worker thread that answers with `serveWorker`. The thread starts with the first call, is started again after it
 * died, and keeps the process alive only while an answer is due.
 */
export class WorkerClient<Input, Output> {
  readonly #options: WorkerClientOptions;
  readonly #pending = new Map<number, Pending<Output>>();
  #worker: Worker | undefined;
  #nextId = 1;
  #closed = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
  }

  /** Rejects with what the worker's handler threw, with `WorkerDied`, or with an Error after `close`. */
  call(input: Input, transfer: readonly ArrayBuffer[] = []): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Error(`${this.#options.name} was closed.`);
      const worker = (this.#worker ??= this.#start());
      const id = this.#nextId++;
      worker.postMessage({ id, input } satisfies WorkerRequest<Input>, [...transfer]);
      this.#pending.set(id, { resolve, reject, timer: this.#deadline(worker) });
      worker.ref();
    });
  }

  /** Starts the thread now, so that the first call need not wait for it. */
  start(): void {
    if (!this.#closed) this.#worker ??= this.#start();
  }

  /** Ends the thread at once; calls without an answer reject. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker) this.#retire(worker, new Error(`${this.#options.name} was closed.`));
    await worker?.terminate();
  }

  #start(): Worker {
    const { name, spawn } = this.#options;
    const worker = spawn();
    worker.unref();
    worker.on("message", (reply: WorkerReply<Output>) => this.#settle(worker, reply));
    worker.on("error", (cause) =>
      this.#retire(worker, new WorkerDied(`The ${name} worker failed: ${describe(cause)}`, { cause })),
    );
    worker.on("exit", (code) => this.#retire(worker, new WorkerDied(`The ${name} worker ended (exit code ${code}).`)));
    return worker;
  }

  #deadline(worker: Worker): NodeJS.Timeout {
    const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    return setTimeout(() => {
      this.#retire(worker, new WorkerDied(`The ${name} worker gave no answer in ${timeoutMs} ms.`));
      void worker.terminate();
    }, timeoutMs);
  }

  #settle(worker: Worker, reply: WorkerReply<Output>): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (this.#pending.size === 0) worker.unref();
    if (reply.ok) pending.resolve(reply.value);
    else pending.reject(reply.error);
  }

  /** A dead worker says so twice (`error`, then `exit`); by then a new one may be at work. */
  #retire(worker: Worker, reason: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, timer } of pending) {
      clearTimeout(timer);
      reject(reason);
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
