import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import type { TestInput } from "./__fixtures__/test-worker";
import { spawnWorker } from "./spawn-worker";
import { WorkerClient, WorkerDied } from "./worker-client";

const fixtures = new URL("./__fixtures__/", import.meta.url).href;

let client: WorkerClient<TestInput, Int16Array | number>;
function connect(): typeof client {
  client = new WorkerClient({ name: "Test", spawn: () => spawnWorker("test-worker", { folder: fixtures }) });
  return client;
}
afterEach(() => client.close());

describe("a worker client", () => {
  it("matches answers to calls, whatever order they come in, and moves buffers both ways", async () => {
    const { call } = bound(connect());
    const slow = call({ do: "wait", ms: 60 });
    const samples = Int16Array.of(1, -2, 3);
    const fast = call({ do: "double", samples }, [samples.buffer]);
    const order: string[] = [];
    await Promise.all([slow.then(() => order.push("slow")), fast.then(() => order.push("fast"))]);
    expect(order).toEqual(["fast", "slow"]);
    expect(await fast).toEqual(Int16Array.of(2, -4, 6));
    expect(samples.length).toBe(0);
  });

  it("hands on what the handler threw, and the worker lives", async () => {
    const { call } = bound(connect());
    const thread = await call({ do: "thread" });
    await expect(call({ do: "fail" })).rejects.toMatchObject({ name: "RangeError", message: "too loud" });
    expect(await call({ do: "thread" })).toBe(thread);
  });

  it.each([
    ["die", "The Test worker failed: struck by lightning"],
    ["exit", "The Test worker ended (exit code 7)."],
  ] as const)("rejects every open call when the worker dies (%s), and starts another one", async (how, message) => {
    const { call } = bound(connect());
    const first = await call({ do: "thread" });
    const open = [call({ do: "wait", ms: 60_000 }), call({ do: how })];
    for (const result of await Promise.allSettled(open)) {
      expect(result).toMatchObject({ status: "rejected", reason: { message } });
      expect(result.status === "rejected" && result.reason).toBeInstanceOf(WorkerDied);
    }
    expect(await call({ do: "thread" })).not.toBe(first);
  });

  it("gives up a worker that hangs", async () => {
    // Plain JavaScript, because it starts at once: that time counts too.
    const code = `
      const { parentPort: port } = require("node:worker_threads");
      port.on("message", ({ id, input }) => {
        while (input.do === "wait");
        port.postMessage({ id, ok: true, value: 1 });
      });`;
    client = new WorkerClient({ name: "Test", spawn: () => new Worker(code, { eval: true }), timeoutMs: 1000 });
    const { call } = bound(client);
    await call({ do: "thread" });
    await expect(call({ do: "wait", ms: Infinity })).rejects.toThrow("The Test worker gave no answer in 1000 ms.");
    expect(await call({ do: "thread" })).toBe(1);
  });

  it("rejects open and later calls once closed", async () => {
    const { call, close } = bound(connect());
    const open = expect(call({ do: "wait", ms: 60_000 })).rejects.toThrow("Test was closed.");
    await close();
    await open;
    await expect(call({ do: "thread" })).rejects.toThrow("Test was closed.");
  });

  it("says so when the module is not there", async () => {
    client = new WorkerClient({ name: "Test", spawn: () => spawnWorker("no-such-worker", { folder: fixtures }) });
    await expect(client.call({ do: "thread" })).rejects.toThrow(/worker module "no-such-worker" is not beside/);
  });
});

describe("a worker in a process of its own", () => {
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const script = fileURLToPath(new URL("./__fixtures__/idle-worker.ts", import.meta.url));

  it("starts under tsx from any folder, and does not keep an idle process alive", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [tsx, script], { cwd: "/", timeout: 10_000 });
    expect(stdout.trim()).toBe("2,4,6");
  });
});

function bound(of: typeof client): { call: (typeof client)["call"]; close: () => Promise<void> } {
  return { call: (input, transfer) => of.call(input, transfer), close: () => of.close() };
}
