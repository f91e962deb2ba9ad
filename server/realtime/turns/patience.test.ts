import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { waitFor, type Eagerness } from "./patience";

const EAGERNESSES: readonly Eagerness[] = ["low", "medium", "auto", "high"];
const chance = fc.double({ min: 0, max: 1, noNaN: true });
const eagerness = fc.constantFrom(...EAGERNESSES);

describe("how long a pause is waited out", () => {
  it.each([
    ["low", 8_000],
    ["medium", 4_000],
    ["auto", 4_000],
    ["high", 2_000],
  ] as const)("is %s's longest when somebody is surely not done", (each, ms) => {
    expect(waitFor(0, each)).toBe(ms);
  });

  it.each(EAGERNESSES)("is short for %s when somebody surely is", (each) => {
    expect(waitFor(1, each)).toBeGreaterThanOrEqual(200);
    expect(waitFor(1, each)).toBeLessThanOrEqual(350);
    expect(waitFor(0.95, each)).toBeLessThanOrEqual(400);
  });

  it("never grows with certainty, and never leaves its bounds", () => {
    fc.assert(
      fc.property(chance, chance, eagerness, (a, b, each) => {
        expect(waitFor(Math.max(a, b), each)).toBeLessThanOrEqual(waitFor(Math.min(a, b), each));
        expect(waitFor(a, each)).toBeLessThanOrEqual(waitFor(0, each));
        expect(waitFor(a, each)).toBeGreaterThanOrEqual(waitFor(1, each));
      }),
    );
  });

  it("is shorter for the more eager", () => {
    fc.assert(
      fc.property(chance, (each) => {
        expect(waitFor(each, "high")).toBeLessThanOrEqual(waitFor(each, "auto"));
        expect(waitFor(each, "auto")).toBe(waitFor(each, "medium"));
        expect(waitFor(each, "medium")).toBeLessThanOrEqual(waitFor(each, "low"));
      }),
    );
  });

  it("takes whatever a detector says", () => {
    expect(waitFor(7, "auto")).toBe(waitFor(1, "auto"));
    expect(waitFor(-Infinity, "auto")).toBe(4_000);
    expect(waitFor(NaN, "auto")).toBe(waitFor(0.5, "auto"));
  });
});
