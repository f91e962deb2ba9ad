/** A connection to Redis that is tried again for ever: while it is away, each server counts for itself. */
import type { Redis } from "ioredis";
import type { Logger } from "../../lib/logger";

export async function connectRedis(url: string, log: Pick<Logger, "warn" | "info">): Promise<Redis> {
  // Loaded only where it is wanted: the published package does not install it by itself.
  const { Redis: Client } = await import("ioredis");
  const redis = new Client(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 5_000),
  });
  let away = false;
  redis.on("error", () => {
    if (!away) log.warn("Redis (REDIS_URL) does not answer: until it does, this server counts limits for itself.");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("Redis is back: limits are counted together again.");
    away = false;
  });
  return redis;
}
