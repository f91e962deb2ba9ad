import { EngineError, toEngineError, type EngineStage } from "./errors";

export interface StreamTimeouts {
  /** Milliseconds to the first event. Default 30000; Infinity for no limit. */
  readonly firstMs: number;
  /** Milliseconds between two events. Default 15000; Infinity for no limit. */
  readonly gapMs: number;
}

export const DEFAULT_TIMEOUTS: StreamTimeouts = { firstMs: 30_000, gapMs: 15_000 };

export interface StageRead<T> {
  readonly stage: EngineStage;
  readonly timeouts: StreamTimeouts;
  readonly signal: AbortSignal;
  /** The timeouts hold from then on. Default: from the beginning. */
  readonly after?: Promise<void>;
  /** Calls the provider; its own signal fires as soon as nobody reads any more. */
  open(signal: AbortSignal): AsyncIterable<T>;
}

/**
 * Reads a provider's stream by pulling, and never trusts it: a provider that is silent, ignores its signal or throws
 * anything at all ends in an EngineError of its stage. After an abort it throws the signal's reason at once.
 */
export async function* readStage<T>({ stage, timeouts, signal, after, open }: StageRead<T>): AsyncGenerator<T, void> {
  const call = childOf(signal);
  let iterator: AsyncIterator<T> | undefined;
  let wait = timeouts.firstMs;
  try {
    signal.throwIfAborted();
    iterator = open(call.controller.signal)[Symbol.asyncIterator]();
    for (;;) {
      const result = await within(iterator.next(), { ms: wait, signal, stage, after });
      if (result.done) {
        iterator = undefined;
        return;
      }
      yield result.value;
      wait = timeouts.gapMs;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw toEngineError(stage, error);
  } finally {
    call.unlink();
    if (iterator) {
      call.controller.abort();
      // Not awaited: a provider that hangs would hang its reader too.
      iterator.return?.().catch(() => undefined);
    }
  }
}

interface Limits {
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly stage: EngineStage;
  readonly after: Promise<void> | undefined;
}

function within<T>(promise: Promise<T>, { ms, signal, stage, after }: Limits): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const expire = (): void => {
      const message = `The ${stage} provider sent nothing for ${seconds(ms)}.`;
      reject(new EngineError({ stage, code: "timeout", message, retryable: true }));
    };
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    const start = (): void => {
      if (!settled && Number.isFinite(ms)) timer = setTimeout(expire, ms);
    };
    if (after === undefined) start();
    else void after.then(start);
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(settle);
    if (signal.aborted) abort();
  });
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** A controller that aborts with its parent, until it is unlinked. (`AbortSignal.any` keeps too much alive in Node 20.) */
export function childOf(parent: AbortSignal): { readonly controller: AbortController; unlink(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent.reason);
  if (parent.aborted) abort();
  else parent.addEventListener("abort", abort, { once: true });
  return { controller, unlink: () => parent.removeEventListener("abort", abort) };
}
