export interface Limits {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Makes the error for a promise that did not settle in time. */
  timeout(): Error;
}

/** The promise's own outcome; unless the time is over, or the signal aborts (its reason), before. */
export function within<T>(promise: Promise<T>, { ms, signal, timeout }: Limits): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const timer = setTimeout(() => reject(timeout()), ms);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    });
    if (signal.aborted) abort();
  });
}
