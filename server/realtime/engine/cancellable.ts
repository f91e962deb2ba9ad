import { childOf } from "./read-stage";

/**
 * Runs a generator whose `signal` aborts when `outer` does, when the reader leaves early, and when the generator is
 * over, so that nothing it started outlives it. Nothing starts before the first `next()`. Unlike a bare generator's,
 * `return()` takes effect even while a `next()` is waiting; that one then ends the iteration.
 */
export function cancellable<T>(
  outer: AbortSignal,
  start: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncIterableIterator<T> {
  const left = new AbortController();
  const inner = run({ outer, left: left.signal, start });
  return {
    next: () =>
      inner.next().catch((error: unknown) => {
        if (left.signal.aborted) return { done: true, value: undefined };
        throw error;
      }),
    return: async () => {
      left.abort();
      return inner.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface Run<T> {
  readonly outer: AbortSignal;
  readonly left: AbortSignal;
  readonly start: (signal: AbortSignal) => AsyncIterable<T>;
}

async function* run<T>({ outer, left, start }: Run<T>): AsyncGenerator<T, void> {
  const { controller, unlink } = childOf(outer);
  left.addEventListener("abort", () => controller.abort(left.reason), { once: true });
  try {
    yield* start(controller.signal);
  } finally {
    unlink();
    controller.abort();
  }
}
