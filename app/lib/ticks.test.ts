import fc from "fast-check";
import { expect, it } from "vitest";
import { ticksFor } from "./ticks";

it("marks round figures up to the greatest", () => {
  expect(ticksFor(0.1)).toEqual([0, 0.05, 0.1]);
  expect(ticksFor(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticksFor(7)).toEqual([0, 2.5, 5, 7.5]);
  expect(ticksFor(96)).toEqual([0, 50, 100]);
  expect(ticksFor(0)).toEqual([0, 1]);
});

it("counts whole things by whole steps", () => {
  expect(ticksFor(1, { leastStep: 1 })).toEqual([0, 1]);
  expect(ticksFor(7, { leastStep: 1 })).toEqual([0, 5, 10]);
  expect(ticksFor(60, { leastStep: 1 })).toEqual([0, 20, 40, 60]);
});

it("never has two that look the same, too many of them, or too little room", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.constantFrom(0, 1), (greatest, leastStep) => {
      const ticks = ticksFor(greatest, { leastStep });
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(new Set(ticks).size).toBe(ticks.length);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(greatest * 0.998);
      if (leastStep === 1) expect(ticks.every(Number.isInteger)).toBe(true);
    }),
  );
});
