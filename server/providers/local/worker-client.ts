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
  readonly timer: NodeJS.Timeout | undefined;
  readonly resolve: (value: Output) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerClientOptions {
  /** Who it is, for error messages, for example `Flite`. */
  readonly name: string;
  readonly spawn: () => Worker;
  /** Told when the worker dies, whether or not a call waits for it, before the calls reject. Not told of `close`. */
  readonly onDeath?: (reason: WorkerDied) => void;
  /** Called before the thread is ended from here, also by the end of the process, to bring it to a safe place. */
  readonly beforeEnd?: () => void;
  /** Milliseconds to wait for an answer before the worker is given up and ended. Default: no limit. */
  readonly timeoutMs?: number;
}

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
    if (this.#worker) await this.#end(this.#worker, new Error(`${this.#options.name} was closed.`));
  }

  #start(): Worker {
    const { name, spawn } = this.#options;
    const worker = spawn();
    worker.unref();
    if (this.#options.beforeEnd) process.once("exit", this.#options.beforeEnd);
    worker.on("message", (reply: WorkerReply<Output>) => this.#settle(worker, reply));
    worker.on("error", (cause) =>
      this.#retire(worker, new WorkerDied(`The ${name} worker failed: ${describe(cause)}`, { cause })),
    );
    worker.on("exit", (code) => this.#retire(worker, new WorkerDied(`The ${name} worker ended (exit code ${code}).`)));
    return worker;
  }

  #deadline(worker: Worker): NodeJS.Timeout | undefined {
    const { name, timeoutMs } = this.#options;
    if (timeoutMs === undefined) return undefined;
    const reason = new WorkerDied(`The ${name} worker gave no answer in ${timeoutMs} ms.`);
    return setTimeout(() => void this.#end(worker, reason), timeoutMs);
  }

  async #end(worker: Worker, reason: Error): Promise<void> {
    this.#options.beforeEnd?.();
    this.#retire(worker, reason);
    await worker.terminate();
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
    if (this.#options.beforeEnd) process.removeListener("exit", this.#options.beforeEnd);
    if (reason instanceof WorkerDied) this.#options.onDeath?.(reason);
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
