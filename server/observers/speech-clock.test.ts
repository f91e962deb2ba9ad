import { expect, it } from "vitest";
import { SpeechClock } from "./speech-clock";

it("puts what is said as it comes where it was said, with its pauses", () => {
  const clock = new SpeechClock();
  expect([clock.input(1_000, 20), clock.input(1_030, 20), clock.input(2_000, 20)]).toEqual([980, 1_000, 1_980]);
  expect([clock.inputEndMs, clock.now(2_000)]).toEqual([2_000, 2_000]);
  // 60 ms were sent in all: the last 20 of them after the second pause.
  expect([0, 39, 40, 60].map((ms) => clock.ofBuffer(ms))).toEqual([980, 1_019, 1_980, 2_000]);
});

it("moves on with who sends faster than people speak, once and not for each chunk", () => {
  const clock = new SpeechClock();
  for (let i = 0; i < 40; i += 1) clock.input(10, 100);
  expect([clock.inputEndMs, clock.now(10), clock.now(500)]).toEqual([4_000, 4_000, 4_490]);
  // Whoever goes on live after that is where the clock is by then.
  expect(clock.input(2_010, 20)).toBe(5_980);
});

it("is not moved by jitter", () => {
  const clock = new SpeechClock();
  for (let at = 100; at <= 10_000; at += 100) clock.input(at + (at % 300) / 4, 100);
  expect(clock.now(10_000)).toBe(10_000);
});
