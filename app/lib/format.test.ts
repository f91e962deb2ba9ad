import { describe, expect, it } from "vitest";
import { clock, duration, latencyHint, medianLatency, size } from "./format";

describe("figures", () => {
  it("are short", () => {
    expect([duration(820.4), duration(1449), size(812), size(3449)]).toEqual(["820 ms", "1.4 s", "812 B", "3.4 kB"]);
    expect(clock(new Date(2026, 0, 1, 14, 3, 7, 5).getTime())).toBe("03:07.005");
  });

  it("say what a latency is made of", () => {
    expect(latencyHint({ totalMs: 300, silenceMs: 0 })).toBe("300 ms until the reply began");
    expect(latencyHint({ totalMs: 1700, silenceMs: 500 })).toContain("turn detection waited 500 ms");
  });

  it("take the middle of the latencies", () => {
    const turns = [900, 100, 300].map((totalMs) => ({ latency: { totalMs, silenceMs: 0 } }));
    expect(medianLatency([...turns, {}])).toBe(300);
    expect(medianLatency([])).toBeUndefined();
  });
});
