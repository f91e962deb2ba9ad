import { expect, it } from "vitest";
import { toCallStats } from "./call-stats";

it("reads what browsers report", () => {
  const stats = toCallStats([
    { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.04 },
    { type: "inbound-rtp", kind: "video", packetsLost: 99, packetsReceived: 1 },
    {
      type: "inbound-rtp",
      kind: "audio",
      jitter: 0.003,
      packetsLost: 5,
      packetsReceived: 95,
      jitterBufferDelay: 96_000,
      jitterBufferEmittedCount: 1_600_000,
    },
  ]);
  expect(stats.roundTripMs).toBeCloseTo(40);
  expect(stats.jitterMs).toBeCloseTo(3);
  expect(stats.loss).toBeCloseTo(0.05);
  expect(stats.heardAfterMs).toBeCloseTo(20 + 60);
});

it("says nothing of what is not known yet", () => {
  const nothing = { roundTripMs: undefined, jitterMs: undefined, loss: undefined, heardAfterMs: undefined };
  expect(toCallStats([])).toEqual(nothing);
  expect(toCallStats([{ type: "inbound-rtp", kind: "audio", packetsLost: 0, packetsReceived: 0 }])).toEqual(nothing);
});
