import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveFeed } from "./live-feed";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

function feedOf(overrides: { read?: (org: string) => Promise<string> } = {}) {
  const state = { now: "one", reads: 0, faults: [] as unknown[] };
  const feed = new LiveFeed<string>({
    read: async () => {
      state.reads += 1;
      return state.now;
    },
    keyOf: (seen) => seen,
    onFault: (error) => void state.faults.push(error),
    ...overrides,
  });
  const watch = (org: string) => {
    const leaving = new AbortController();
    const heard: string[] = [];
    const done = (async () => {
      for await (const seen of feed.watch(org, leaving.signal)) heard.push(seen);
    })();
    return { heard, leave: () => (leaving.abort(), done) };
  };
  return { state, feed, watch };
}

describe("the live feed", () => {
  it("looks once for a thousand watchers, tells all of them what changed, and those who come late what there is", async () => {
    const { state, feed, watch } = feedOf();
    const watchers = Array.from({ length: 1_000 }, () => watch("org_1"));
    await settle();
    expect(state.reads).toBe(1);
    state.now = "two";
    feed.poke("org_1");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.reads).toBe(2);
    const late = watch("org_1");
    await settle();
    expect(state.reads).toBe(2);
    expect(late.heard).toEqual(["two"]);
    expect(watchers.every(({ heard }) => heard.join() === "one,two")).toBe(true);
    await Promise.all([late, ...watchers].map(({ leave }) => leave()));
  });

  it("looks no more often than once a second while much is written, and misses nothing", async () => {
    const { state, feed, watch } = feedOf();
    const { heard, leave } = watch("org_1");
    await settle();
    for (let ms = 0; ms < 3_000; ms += 10) {
      state.now = String(ms);
      feed.poke("org_1");
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.reads).toBeLessThanOrEqual(5);
    expect(heard.at(-1)).toBe("2990");
    await leave();
  });

  it("looks again when something was written while it looked", async () => {
    const answers: ((seen: string) => void)[] = [];
    const { feed, watch } = feedOf({ read: () => new Promise((resolve) => void answers.push(resolve)) });
    const { heard, leave } = watch("org_1");
    feed.poke("org_1");
    answers[0]?.("before");
    await vi.advanceTimersByTimeAsync(1_000);
    answers[1]?.("after");
    await settle();
    expect(heard).toEqual(["before", "after"]);
    await leave();
  });

  it("finds by itself what other servers do, says nothing when nothing changed, and keeps organisations apart", async () => {
    const { state, feed, watch } = feedOf();
    const one = watch("org_1");
    await settle();
    feed.poke("org_2");
    await vi.advanceTimersByTimeAsync(9_000);
    expect(state.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([state.reads, one.heard]).toEqual([2, ["one"]]);
    state.now = "elsewhere";
    await vi.advanceTimersByTimeAsync(10_000);
    expect(one.heard).toEqual(["one", "elsewhere"]);
    await one.leave();
  });

  it("asks nothing when nobody watches any more", async () => {
    const { state, feed, watch } = feedOf();
    const { leave } = watch("org_1");
    await settle();
    await leave();
    feed.poke("org_1");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.reads).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes on after a failure", async () => {
    let failures = 1;
    const { state, watch } = feedOf({
      read: async () => {
        if (failures-- > 0) throw new Error("The database is away.");
        return "back";
      },
    });
    const { heard, leave } = watch("org_1");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([state.faults.length, heard]).toEqual([1, ["back"]]);
    await leave();
  });
});
