import { afterEach, describe, expect, it } from "vitest";
import type { TestInput } from "./__fixtures__/test-worker";
import { spawnWorker } from "./spawn-worker";
import { WorkerClient } from "./worker-client";
import { WorkerPool } from "./worker-pool";

const fixtures = new URL("./__fixtures__/", import.meta.url).href;
const never = new AbortController().signal;

let pool: WorkerPool<TestInput, Int16Array | number>;
function open(workers: number): typeof pool {
  const spawn = (): ReturnType<typeof spawnWorker> => spawnWorker("test-worker", { folder: fixtures });
  pool = new WorkerPool(Array.from({ length: workers }, () => new WorkerClient({ name: "Test", spawn })));
  return pool;
}
afterEach(() => pool.close());

describe("a pool of workers", () => {
  it("lets one worker do one thing at a time, in order", async () => {
    open(1);
    const order: number[] = [];
    const waits = [80, 40, 0].map((ms) => pool.run({ do: "wait", ms }, never).then(() => order.push(ms)));
    await Promise.all(waits);
    expect(order).toEqual([80, 40, 0]);
  });

  it("uses every worker it has", async () => {
    open(2);
    const threads = await Promise.all([pool.run({ do: "thread" }, never), pool.run({ do: "thread" }, never)]);
    expect(new Set(threads).size).toBe(2);
  });

  it("drops what waits and forgets what runs when its signal aborts", async () => {
    open(1);
    await pool.run({ do: "thread" }, never);
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = pool.run({ do: "wait", ms: 300 }, running.signal);
    const second = pool.run({ do: "wait", ms: 60_000 }, waiting.signal);
    const third = pool.run({ do: "wait", ms: 1 }, never);
    const start = performance.now();
    running.abort(new Error("one"));
    waiting.abort(new Error("two"));
    await expect(first).rejects.toThrow("one");
    await expect(second).rejects.toThrow("two");
    expect(performance.now() - start).toBeLessThan(100);
    expect(await third).toBe(1);
    await expect(pool.run({ do: "thread" }, AbortSignal.abort(new Error("three")))).rejects.toThrow("three");
    expect(await pool.run({ do: "wait", ms: 2 }, never)).toBe(2);
  });

  it("goes on after failures and deaths", async () => {
    open(1);
    const results = await Promise.allSettled([
      pool.run({ do: "fail" }, never),
      pool.run({ do: "exit" }, never),
      pool.run({ do: "wait", ms: 3 }, never),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });

  it("rejects what runs, what waits and what comes after it was closed", async () => {
    open(1);
    const results = Promise.allSettled([
      pool.run({ do: "wait", ms: 60_000 }, never),
      pool.run({ do: "thread" }, never),
    ]);
    await pool.close();
    const late = Promise.allSettled([pool.run({ do: "thread" }, never)]);
    for (const result of [...(await results), ...(await late)]) {
      expect(result).toMatchObject({ status: "rejected", reason: { message: "Test was closed." } });
    }
  });
});
