/** The Redis that tests count in, where one answers. */
import { Redis } from "ioredis";

const REDIS_URL = process.env["TEST_REDIS_URL"] ?? "redis://127.0.0.1:6379";
export const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
redis.on("error", () => undefined);
export const hasRedis = await redis.connect().then(
  () => true,
  () => false,
);
