import { describe, expect, it, vi } from "vitest";
import { createMemoryPair } from "./memory";
import type { MemoryPair } from "./memory";

function listenAll({ transport, client }: MemoryPair) {
  const log: string[] = [];
  transport.listen({
    onFrame: (frame, isBinary) => log.push(`server got ${isBinary ? "binary " : ""}${frame.toString()}`),
    onClose: (code, reason) => log.push(`server closed ${code} ${reason}`),
  });
  client.listen({
    onFrame: (frame) => log.push(`client got ${frame}`),
    onClose: (code, reason) => log.push(`client closed ${code} ${reason}`),
  });
  return log;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe("createMemoryPair", () => {
  it("delivers later, in order, both ways", async () => {
    const pair = createMemoryPair();
    pair.client.send("early");
    const log = listenAll(pair);
    pair.client.send(Buffer.from("b"));
    pair.transport.send("1");
    pair.transport.send("2");
    expect(log).toEqual([]);
    await settle();
    expect(log.filter((line) => line.startsWith("server"))).toEqual(["server got early", "server got binary b"]);
    expect(log.filter((line) => line.startsWith("client"))).toEqual(["client got 1", "client got 2"]);
  });

  it("flushes before it closes, and tells both ends once", async () => {
    const pair = createMemoryPair();
    const log = listenAll(pair);
    pair.transport.send("last");
    pair.transport.close(4000, "why");
    pair.transport.send("late");
    pair.transport.close(1000, "again");
    await settle();
    expect(log).toEqual(["client got last", "server closed 4000 why", "client closed 4000 why"]);
  });

  it("piles up what a stalled client does not read", async () => {
    const pair = createMemoryPair();
    const log = listenAll(pair);
    let room = 0;
    pair.client.pauseReading();
    pair.transport.send("x".repeat(100));
    pair.transport.send("é");
    pair.transport.onceBelow(50, () => room++);
    await settle();
    expect(pair.transport.bufferedBytes()).toBe(102);
    expect([log, room]).toEqual([[], 0]);
    pair.client.resumeReading();
    await settle();
    expect(pair.transport.bufferedBytes()).toBe(0);
    expect([log.length, room]).toEqual([2, 1]);
  });

  it("closes on a stalled client after the deadline, and lets go of who waits for room", async () => {
    const pair = createMemoryPair({ closeTimeoutMs: 10 });
    const log = listenAll(pair);
    let room = 0;
    pair.client.pauseReading();
    pair.transport.send("x");
    pair.transport.onceBelow(0, () => room++);
    pair.transport.close(1001, "bye");
    await settle();
    expect(log).toEqual(["server closed 1001 bye", "client closed 1001 bye"]);
    expect(room).toBe(1);
  });

  it("reports a client that vanishes", async () => {
    const pair = createMemoryPair();
    const log = listenAll(pair);
    pair.client.terminate();
    await settle();
    expect(log[0]).toBe("server closed 1006 ");
  });

  it("goes on delivering under fake timers", async () => {
    vi.useFakeTimers();
    try {
      const pair = createMemoryPair();
      const log = listenAll(pair);
      pair.transport.send("1");
      await new Promise((resolve) => process.nextTick(resolve));
      await vi.waitFor(() => expect(log).toEqual(["client got 1"]));
    } finally {
      vi.useRealTimers();
    }
  });
});
