/** How long one exchange may take: until its answer begins, and in all. */
import { OutboundError } from "./outbound-error";

export interface Clock {
  readonly signal: AbortSignal;
  /** What to throw when time has run out. */
  readonly timedOut: OutboundError | undefined;
  /** The answer has begun. */
  begun(): void;
  stop(): void;
}

export function startClock(
  outer: AbortSignal | undefined,
  limits: { readonly timeoutMs: number; readonly headersTimeoutMs: number },
): Clock {
  const controller = new AbortController();
  let timedOut: OutboundError | undefined;
  const expire = (): void => {
    timedOut = new OutboundError("timeout", "The server did not answer in time.");
    controller.abort(timedOut);
  };
  const abort = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  else outer?.addEventListener("abort", abort, { once: true });
  const timers = [limits.headersTimeoutMs, limits.timeoutMs].map((ms) =>
    Number.isFinite(ms) ? setTimeout(expire, ms) : undefined,
  );
  return {
    signal: controller.signal,
    get timedOut() {
      return timedOut;
    },
    begun: () => clearTimeout(timers[0]),
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    },
  };
}
