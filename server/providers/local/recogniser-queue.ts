import { EngineError } from "../../realtime/engine/errors";

/** Lets a number of recognitions run at once; the rest wait in order, and when too many wait the next is refused. */
export class RecogniserQueue {
  readonly #maxWaiting: number;
  readonly #waiting = new Set<{ begin(): void; refuse(error: Error): void }>();
  #free: number;
  #closed = false;

  constructor({ running, waiting }: { readonly running: number; readonly waiting: number }) {
    this.#free = running;
    this.#maxWaiting = waiting;
  }

  /** Rejects with the signal's reason when it aborts before the turn has come, and with what `work` throws. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  /** Refuses what waits and what comes later; what runs is not touched. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.refuse(recogniserClosed());
    this.#waiting.clear();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.#closed) return reject(recogniserClosed());
      if (this.#free > 0) {
        this.#free--;
        return resolve();
      }
      if (this.#waiting.size >= this.#maxWaiting) return reject(tooManyWaiting());
      const drop = (): void => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const settle = (): void => signal.removeEventListener("abort", drop);
      const waiter = {
        begin: () => (settle(), resolve()),
        refuse: (error: Error) => (settle(), reject(error)),
      };
      signal.addEventListener("abort", drop, { once: true });
      this.#waiting.add(waiter);
    });
  }

  #release(): void {
    const [next] = this.#waiting;
    if (!next) return void this.#free++;
    this.#waiting.delete(next);
    next.begin();
  }
}

/** What a recogniser throws that was closed before or while it was asked. */
export function recogniserClosed(): EngineError {
  return new EngineError({ stage: "stt", code: "failed", message: "The local recogniser was closed." });
}

function tooManyWaiting(): EngineError {
  const message = "The local recogniser has too much speech waiting; try again in a moment.";
  return new EngineError({ stage: "stt", code: "rate_limit_exceeded", message, retryable: true });
}
