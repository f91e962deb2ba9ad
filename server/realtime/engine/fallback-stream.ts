import { breakerOf, type BreakerOptions } from "./breaker";
import { EngineError, isEngineError, toEngineError, type EngineStage } from "./errors";
import { childOf } from "./read-stage";

export interface FallbackOptions extends BreakerOptions {
  /** Milliseconds that a provider gets for its first event, before the next one is asked. Default: 10,000. */
  readonly firstMs?: number;
}

export interface Candidate<T> {
  /** Whose failures are counted. */
  readonly provider: object;
  readonly name: string;
  open(signal: AbortSignal): AsyncIterable<T>;
}

export interface FallbackRun<T> {
  readonly stage: EngineStage;
  readonly candidates: readonly Candidate<T>[];
  readonly options: FallbackOptions;
  readonly signal: AbortSignal;
  /** Events that say nothing yet: the next provider may still be asked after them. Default: none. */
  readonly isPrelude?: (event: T) => boolean;
}

/**
 * The events of the first provider that gives any. One that fails before is passed over, and left out for a while when
 * it keeps failing; after the first event nobody else is asked. What it refuses for its content stays refused.
 */
export async function* fallbackStream<T>(run: FallbackRun<T>): AsyncGenerator<T, void> {
  let failure: unknown;
  for (const candidate of run.candidates) {
    const breaker = breakerOf(candidate.provider, run.options);
    if (breaker.isOut) continue;
    const call = childOf(run.signal);
    try {
      const begun = await breaker
        .run(() => begin(candidate, run, call.controller))
        .catch((error: unknown) => {
          if (run.signal.aborted || (isEngineError(error) && error.code === "content_filter")) throw error;
          failure = error;
        });
      if (begun === undefined) continue;
      yield* begun.events;
      // Left early or not, the provider's signal fires when this is over.
      yield* { [Symbol.asyncIterator]: () => begun.iterator };
      return;
    } finally {
      call.unlink();
      call.controller.abort();
    }
  }
  throw failure ?? nobodyLeft(run.stage);
}

interface Begun<T> {
  readonly events: readonly T[];
  readonly iterator: AsyncIterator<T>;
}

/** Up to the first event that says something. */
async function begin<T>(candidate: Candidate<T>, run: FallbackRun<T>, call: AbortController): Promise<Begun<T>> {
  const { firstMs = 10_000 } = run.options;
  const iterator = candidate.open(call.signal)[Symbol.asyncIterator]();
  const events: T[] = [];
  const read = async (): Promise<Begun<T>> => {
    for (;;) {
      const next = await iterator.next();
      if (next.done) return { events, iterator: ended() };
      events.push(next.value);
      if (run.isPrelude?.(next.value) !== true) return { events, iterator };
    }
  };
  let timer: NodeJS.Timeout | undefined;
  let abort: () => void = () => undefined;
  const limit = new Promise<never>((_, reject) => {
    const message = `${candidate.name} sent nothing for ${firstMs} ms.`;
    timer = setTimeout(() => {
      reject(new EngineError({ stage: run.stage, code: "timeout", message, retryable: true }));
      call.abort();
    }, firstMs);
    abort = () => reject(run.signal.reason);
    run.signal.addEventListener("abort", abort, { once: true });
  });
  const reading = read();
  reading.catch(() => undefined);
  return Promise.race([reading, limit])
    .catch((error: unknown) => {
      if (run.signal.aborted) throw run.signal.reason;
      throw toEngineError(run.stage, error);
    })
    .finally(() => {
      clearTimeout(timer);
      run.signal.removeEventListener("abort", abort);
    });
}

function ended<T>(): AsyncIterator<T> {
  return { next: () => Promise.resolve({ done: true, value: undefined }) };
}

function nobodyLeft(stage: EngineStage): EngineError {
  const message = "Every provider of this kind is out of order just now. Try again in a moment.";
  return new EngineError({ stage, code: "unreachable", message, retryable: true });
}
