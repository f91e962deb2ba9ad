/** Asks providers whether they work, for people: never long, never often, and nobody pays for the same question twice. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Logger } from "../../lib/logger";
import { notFound, ServiceError } from "../../lib/services/errors";
import type { ProviderCheck, ProviderDesk } from "../api/providers";
import { isEngineError } from "../realtime/engine/errors";
import { UpstreamError } from "../realtime/relay/faults";
import type { StageProvider } from "../stages/inventory";

export interface ProviderDeskOptions {
  readonly providers: readonly StageProvider[];
  readonly log: Logger;
  /** Milliseconds that a provider may take. Default: 20,000. */
  readonly timeoutMs?: number;
  /** Checks per minute and organisation. Default: 12. */
  readonly perMinute?: number;
}

export function createProviderDesk(options: ProviderDeskOptions): ProviderDesk {
  const { providers, log, timeoutMs = 20_000, perMinute = 12 } = options;
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const running = new Map<string, Promise<ProviderCheck>>();

  const ask = async (provider: StageProvider): Promise<ProviderCheck> => {
    const { name } = provider;
    const signal = AbortSignal.timeout(timeoutMs);
    const from = performance.now();
    const taken = (): number => Math.round(performance.now() - from);
    try {
      const detail = await within(signal, provider.check(signal));
      return { ok: true, name, ms: taken(), detail };
    } catch (error) {
      const failure = signal.aborted
        ? { code: "timeout", message: `It did not answer within ${timeoutMs / 1000} seconds.` }
        : told(error);
      if (failure.code === "failed") log.error(`The check of ${name} failed.`, error);
      return { ok: false, name, ms: taken(), ...failure };
    }
  };

  return {
    list: () => providers.map(({ check: _check, ...view }) => view),
    check: async (id, org) => {
      const provider = providers.find((each) => each.id === id);
      if (provider === undefined) throw notFound("provider");
      await take(limiter, org);
      const asked = running.get(id) ?? ask(provider).finally(() => running.delete(id));
      running.set(id, asked);
      return asked;
    },
  };
}

/** A provider that does not heed the signal is not waited for. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

/** Both kinds of error are written for people, and hold no key. */
function told(error: unknown): { readonly code: string; readonly message: string } {
  if (isEngineError(error)) return { code: error.code, message: error.message };
  if (error instanceof UpstreamError) return { code: error.kind, message: error.message };
  return { code: "failed", message: "It failed. The server's log has the details." };
}

async function take(limiter: RateLimiterMemory, org: string): Promise<void> {
  try {
    await limiter.consume(org);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new ServiceError("rate_limited", "That were many tests. Wait a minute, then test again.", {
      retryAfterSeconds: Math.ceil(refused.msBeforeNext / 1000),
    });
  }
}
