import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EstimatedPlayback } from "./playback";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

it("is as long as what was sent, from when it was sent", () => {
  const playback = new EstimatedPlayback();
  expect([playback.isAudible, playback.endsAt]).toEqual([false, 0]);
  playback.sent({ itemId: "a", ms: 300 });
  playback.sent({ itemId: "a", ms: 200 });
  expect(playback.aheadMs).toBe(500);
  vi.advanceTimersByTime(400);
  expect([playback.isAudible, playback.aheadMs]).toEqual([true, 100]);
  vi.advanceTimersByTime(200);
  expect([playback.isAudible, playback.aheadMs]).toEqual([false, 0]);
});

it("a second item waits for the first", () => {
  const playback = new EstimatedPlayback();
  playback.sent({ itemId: "a", ms: 500 });
  playback.sent({ itemId: "b", ms: 500 });
  vi.advanceTimersByTime(700);
  expect(playback.stop()).toEqual([{ itemId: "b", heardMs: 200, wasCut: true }]);
  expect(playback.stop()).toEqual([]);
});

it("what was played to its end was heard whole", () => {
  const playback = new EstimatedPlayback();
  playback.sent({ itemId: "a", ms: 500 });
  vi.advanceTimersByTime(900);
  expect(playback.stop()).toEqual([{ itemId: "a", heardMs: 500, wasCut: false }]);
});
