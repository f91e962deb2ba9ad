import { expect, it } from "vitest";
import { shapesOf } from "./shape";

it("puts both sides on one axis: the shorter one ends where it ends", () => {
  const [long = [], short = []] = shapesOf([
    { durationMs: 10_000, peaks: Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : 40)) },
    { durationMs: 2_500, peaks: [80] },
  ]);
  expect([long.length, short.length]).toEqual([600, 600]);
  expect([long[0], long[299], long[300], long[599]]).toEqual([0, 0, 0.5, 0.5]);
  expect([short[0], short[149], short[150], short[599]]).toEqual([1, 1, 0, 0]);
});

it("draws a moment that is shorter than a line, and what nobody knows as silence", () => {
  const peaks = Array.from({ length: 1_999 }, (_, i) => (i === 1_000 ? 100 : 0));
  const [shape = [], unknown = []] = shapesOf([
    { durationMs: 60_000, peaks },
    { durationMs: 1_000, peaks: null },
  ]);
  expect(Math.max(...shape)).toBe(1);
  expect(Math.max(...unknown)).toBe(0);
  expect(shapesOf([])).toEqual([]);
});
