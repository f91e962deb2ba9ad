import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlaybackTimeline } from "./playback-timeline";

const part = (itemId: string) => ({ itemId, contentIndex: 0 });

describe("playback timeline", () => {
  it("joins pieces without a gap, however late each one came", () => {
    const timeline = new PlaybackTimeline();
    const first = timeline.add(part("a"), 0.1, 10);
    expect(first).toBeGreaterThan(10);
    expect(timeline.add(part("a"), 0.1, 10.05)).toBeCloseTo(first + 0.1, 9);
    expect(timeline.add(part("a"), 0.1, 10.06)).toBeCloseTo(first + 0.2, 9);
  });

  it("counts what was heard, leaving out a gap in which nothing had arrived", () => {
    const timeline = new PlaybackTimeline();
    const start = timeline.add(part("a"), 0.5, 0);
    const again = timeline.add(part("a"), 0.5, 3);
    expect(again).toBeGreaterThan(3);
    expect(timeline.current(start + 0.25)?.heardMs).toBe(250);
    expect(timeline.cut(again + 0.1)).toEqual([{ itemId: "a", contentIndex: 0, heardMs: 600 }]);
    expect(timeline.current(again + 0.1)).toBeUndefined();
  });

  it("reports a later item as not heard at all, and a finished one not at all", () => {
    const timeline = new PlaybackTimeline();
    const start = timeline.add(part("a"), 1, 0);
    timeline.add(part("b"), 1, 0);
    timeline.add(part("c"), 1, 0);
    expect(timeline.cut(start + 1.5)).toEqual([
      { itemId: "b", contentIndex: 0, heardMs: 500 },
      { itemId: "c", contentIndex: 0, heardMs: 0 },
    ]);
  });

  it("cuts nothing once everything was heard", () => {
    const timeline = new PlaybackTimeline();
    const start = timeline.add(part("a"), 1, 0);
    expect(timeline.cut(start + 1.001)).toEqual([]);
  });

  it("never reports more than arrived, nor more than the time that passed", () => {
    const pieces = fc.array(
      fc.record({ wait: fc.double({ min: 0, max: 1, noNaN: true }), ms: fc.integer({ min: 1, max: 500 }) }),
    );
    fc.assert(
      fc.property(pieces, fc.double({ min: 0, max: 3, noNaN: true }), (list, wait) => {
        const timeline = new PlaybackTimeline();
        let now = 0;
        for (const piece of list) timeline.add(part("a"), piece.ms / 1000, (now += piece.wait));
        const total = list.reduce((sum, piece) => sum + piece.ms, 0);
        for (const cut of timeline.cut(now + wait)) {
          expect(cut.heardMs).toBeLessThanOrEqual(total);
          expect(cut.heardMs).toBeLessThanOrEqual((now + wait) * 1000);
        }
      }),
    );
  });
});
