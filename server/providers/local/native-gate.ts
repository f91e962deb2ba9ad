const INSIDE = 0;
const SHUT = 1;
/** Longer than any one call into native code takes; the one who shuts the gate stands still meanwhile. */
const PATIENCE_MS = 3_000;

/**
 * Stands between a worker thread and native code that must not be interrupted: when a thread is ended inside
 * onnxruntime, the whole process aborts. Whoever ends the thread shuts the gate first. Both sides share `memory`.
 */
export class NativeGate {
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /** Calls into native code, one call at a time. Rejects, without having called, once the gate is shut. */
  async pass<Result>(call: () => Promise<Result>): Promise<Result> {
    Atomics.store(this.#flags, INSIDE, 1);
    try {
      if (Atomics.load(this.#flags, SHUT) === 1) throw new Error("This thread is about to end.");
      return await call();
    } finally {
      Atomics.store(this.#flags, INSIDE, 0);
      Atomics.notify(this.#flags, INSIDE);
    }
  }

  /** Lets nobody in any more, and waits until whoever is inside has come out (3 s at most). */
  shut(): void {
    Atomics.store(this.#flags, SHUT, 1);
    Atomics.wait(this.#flags, INSIDE, 1, PATIENCE_MS);
  }
}
