import { describe, expect, it } from "vitest";
import { trimSilence } from "./trim-silence";

const RATE = 16_000;
const ms = (samples: number): number => (samples * 1000) / RATE;
const silence = (length: number): number[] => Array.from({ length: (RATE * length) / 1000 }, (_, i) => (i % 2) * 8);
const tone = (length: number): number[] =>
  Array.from({ length: (RATE * length) / 1000 }, (_, i) => Math.round(8000 * Math.sin(i / 5)));

describe("trimming silence", () => {
  it("leaves a breath at both ends, and pauses inside", () => {
    const spoken = trimSilence(
      Int16Array.from([...silence(400), ...tone(200), ...silence(500), ...tone(200), ...silence(600)]),
      RATE,
    );
    expect(ms(spoken.length)).toBe(50 + 200 + 500 + 200 + 150);
  });

  it("adds nothing where there is less than that", () => {
    expect(ms(trimSilence(Int16Array.from([...silence(10), ...tone(300), ...silence(20)]), RATE).length)).toBe(330);
  });

  it("leaves nothing of mere silence", () => {
    expect(trimSilence(new Int16Array(RATE), RATE)).toHaveLength(0);
    expect(trimSilence(new Int16Array(0), RATE)).toHaveLength(0);
  });
});
