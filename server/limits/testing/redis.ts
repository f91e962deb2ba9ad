/** The Redis that tests count in, where one answers. */
import { Redis } from "ioredis";
import { REDIS_URL } from "./redis-url";

export const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
redis.on("error", () => undefined);
export const hasRedis = await redis.connect().then(
  () => true,
  () => false,
);
