import { describe, expect, it } from "vitest";
import { RecogniserQueue } from "./recogniser-queue";

const never = new AbortController().signal;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when told to, and notes when it began. */
function job(begun: string[], name: string): { readonly work: () => Promise<string>; end(): void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => (begun.push(name), ended.then(() => name)), end: () => end() };
}

describe("RecogniserQueue", () => {
  it("runs as many as it may, and the rest in order", async () => {
    const queue = new RecogniserQueue({ running: 2, waiting: 10 });
    const begun: string[] = [];
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => job(begun, name));
    const results = [a, b, c, d].map((each) => queue.run(each!.work, never));
    await tick();
    expect(begun).toEqual(["a", "b"]);
    b!.end();
    await tick();
    expect(begun).toEqual(["a", "b", "c"]);
    for (const each of [a, c, d]) each!.end();
    expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
  });

  it("goes on after work that failed", async () => {
    const queue = new RecogniserQueue({ running: 1, waiting: 10 });
    const failing = queue.run(() => Promise.reject(new Error("broken")), never);
    const next = queue.run(() => Promise.resolve("next"), never);
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("next");
  });

  it("refuses one more than may wait", async () => {
    const queue = new RecogniserQueue({ running: 1, waiting: 1 });
    const first = job([], "first");
    const running = queue.run(first.work, never);
    const waiting = queue.run(() => Promise.resolve("second"), never);
    await expect(queue.run(() => Promise.resolve("third"), never)).rejects.toMatchObject({
      code: "rate_limit_exceeded",
      retryable: true,
    });
    first.end();
    expect(await Promise.all([running, waiting])).toEqual(["first", "second"]);
  });

  it("drops what waits when its signal aborts, and gives its place to another", async () => {
    const queue = new RecogniserQueue({ running: 1, waiting: 1 });
    const begun: string[] = [];
    const first = job(begun, "first");
    const running = queue.run(first.work, never);
    const controller = new AbortController();
    const dropped = queue.run(job(begun, "dropped").work, controller.signal);
    controller.abort("left");
    await expect(dropped).rejects.toBe("left");
    const last = job(begun, "last");
    const waiting = queue.run(last.work, never);
    first.end();
    last.end();
    expect(await Promise.all([running, waiting])).toEqual(["first", "last"]);
    expect(begun).toEqual(["first", "last"]);
  });

  it("refuses what waits and what comes once it is closed", async () => {
    const queue = new RecogniserQueue({ running: 1, waiting: 1 });
    const first = job([], "first");
    const running = queue.run(first.work, never);
    const waiting = queue.run(() => Promise.resolve("second"), never);
    queue.close();
    await expect(waiting).rejects.toThrow("was closed");
    await expect(queue.run(() => Promise.resolve("third"), never)).rejects.toThrow("was closed");
    first.end();
    expect(await running).toBe("first");
  });
});
