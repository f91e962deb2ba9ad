/** Keeps a provider that fails again and again out for a while, then tries it once. */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from "cockatiel";
import { isEngineError } from "./errors";

export interface BreakerOptions {
  /** Failures in a row after which a provider is left out. Default: 3. */
  readonly failures?: number;
  /** Milliseconds that it is left out for, before it is tried once. Default: 15,000. */
  readonly outMs?: number;
}

/** Mistakes of the request: another provider may still take it, but this one is not broken. */
const NOT_ITS_FAULT = new Set(["bad_request", "content_filter", "unsupported_audio"]);

export class Breaker {
  private readonly policy: CircuitBreakerPolicy;
  private outUntil = 0;

  constructor({ failures = 3, outMs = 15_000 }: BreakerOptions = {}) {
    const counts = (error: Error): boolean =>
      !isAbort(error) && !(isEngineError(error) && NOT_ITS_FAULT.has(error.code));
    this.policy = circuitBreaker(handleWhen(counts), {
      halfOpenAfter: outMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    this.policy.onBreak(() => (this.outUntil = Date.now() + outMs));
  }

  /** Left out just now, or being tried by somebody else. */
  get isOut(): boolean {
    const { state } = this.policy;
    return state === CircuitState.HalfOpen || (state === CircuitState.Open && Date.now() < this.outUntil);
  }

  run<T>(attempt: () => Promise<T>): Promise<T> {
    return this.policy.execute(attempt);
  }
}

function isAbort(error: Error): boolean {
  return error instanceof Error && error.name === "AbortError";
}

const breakers = new WeakMap<object, Breaker>();

/** One for each provider, however many models it answers for. The options of the first who asks hold. */
export function breakerOf(provider: object, options?: BreakerOptions): Breaker {
  const known = breakers.get(provider);
  if (known !== undefined) return known;
  const made = new Breaker(options);
  breakers.set(provider, made);
  return made;
}
