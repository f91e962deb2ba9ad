/** Counts requests and tokens by the minute: in this process, or in Redis for several, with this process as its insurance. */
import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

const MINUTE_SECONDS = 60;

export interface Counted {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

type Limiter = RateLimiterMemory | RateLimiterRedis;

export class Counters {
  /** One for each number that somebody is limited to. */
  private readonly limiters = new Map<string, Limiter>();

  constructor(private readonly redis: Redis | undefined) {}

  /** Takes `points`, or nothing when there are not so many left. */
  async take(
    name: string,
    limit: number,
    { key, points }: { readonly key: string; readonly points: number },
  ): Promise<Counted> {
    const limiter = this.limiter(name, limit);
    try {
      const taken = await limiter.consume(key, points);
      return toCounted(true, taken);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      // What was asked for is counted even when it is refused.
      await limiter.reward(key, points);
      return { ...toCounted(false, refused), remaining: Math.max(0, limit - (refused.consumedPoints - points)) };
    }
  }

  /** Gives back what was not used, or takes what was used beyond. */
  async correct(
    name: string,
    limit: number,
    { key, points }: { readonly key: string; readonly points: number },
  ): Promise<void> {
    const limiter = this.limiter(name, limit);
    if (points > 0) await limiter.reward(key, points);
    if (points < 0) await limiter.penalty(key, -points);
  }

  private limiter(name: string, points: number): Limiter {
    const id = `${name} ${points}`;
    const known = this.limiters.get(id);
    if (known) return known;
    const options = { keyPrefix: `antiphon:${name}`, points, duration: MINUTE_SECONDS };
    const memory = new RateLimiterMemory(options);
    const limiter = this.redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: this.redis,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        })
      : memory;
    this.limiters.set(id, limiter);
    return limiter;
  }
}

function toCounted(allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Counted {
  return { allowed, remaining: Math.max(0, remainingPoints), resetSeconds: Math.max(0, msBeforeNext) / 1000 };
}
