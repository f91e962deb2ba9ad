import type { WorkerClient } from "./worker-client";

/** Shares work among workers that each do one thing at a time; what has to wait is served in order. */
export class WorkerPool<Input, Output> {
  readonly #workers: readonly WorkerClient<Input, Output>[];
  readonly #idle: WorkerClient<Input, Output>[];
  readonly #waiting = new Set<(worker: WorkerClient<Input, Output>) => void>();

  constructor(workers: readonly WorkerClient<Input, Output>[]) {
    this.#workers = workers;
    this.#idle = [...workers];
  }

  /**
   * Rejects with what the worker's handler threw, with `WorkerDied`, with an Error once closed, or with the signal's
   * reason as soon as it aborts: work that waits is then dropped, work that has begun goes on to its end unheard.
   */
  async run(input: Input, signal: AbortSignal): Promise<Output> {
    const worker = this.#idle.pop() ?? (await this.#turn(signal));
    const work = worker.call(input).finally(() => this.#release(worker));
    return orAborted(work, signal);
  }

  async close(): Promise<void> {
    // Whoever waits gets a closed worker in its turn, and that worker's error.
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  #turn(signal: AbortSignal): Promise<WorkerClient<Input, Output>> {
    return new Promise((resolve, reject) => {
      const drop = (): void => {
        this.#waiting.delete(take);
        reject(signal.reason);
      };
      const take = (worker: WorkerClient<Input, Output>): void => {
        signal.removeEventListener("abort", drop);
        resolve(worker);
      };
      signal.throwIfAborted();
      signal.addEventListener("abort", drop, { once: true });
      this.#waiting.add(take);
    });
  }

  #release(worker: WorkerClient<Input, Output>): void {
    const [next] = this.#waiting;
    if (!next) return void this.#idle.push(worker);
    this.#waiting.delete(next);
    next(worker);
  }
}

function orAborted<Output>(work: Promise<Output>, signal: AbortSignal): Promise<Output> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}
