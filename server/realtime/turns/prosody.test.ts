import { describe, expect, it } from "vitest";
import { melodyOf, pitchAt } from "./pitch";
import { hearEnding } from "./prosody";
import { hum, type Hum } from "./test-voice";

const semitones = (hz: number): number => 12 * Math.log2(hz / 55);

describe("pitch", () => {
  it.each([8_000, 16_000, 22_050, 24_000, 48_000])("is right within a third of a semitone at %i Hz", (rate) => {
    for (const hz of [75, 98, 120, 165, 220, 310]) {
      const { samples } = hum([{ ms: 400, from: hz, to: hz }], { rate });
      expect(Math.abs(pitchAt(melodyOf(samples, rate), 0.3)! - semitones(hz))).toBeLessThan(0.35);
    }
  });

  it("is nothing in noise, in silence and beyond the ends", () => {
    let seed = 1;
    const noise = Int16Array.from({ length: 16_000 }, () => (seed = (seed * 16_807) % 2_147_483_647) % 4_000);
    expect(pitchAt(melodyOf(noise, 16_000), 0.5)).toBeUndefined();
    expect(pitchAt(melodyOf(new Int16Array(16_000), 16_000), 0.5)).toBeUndefined();
    const { samples } = hum([{ ms: 400, from: 120, to: 120 }]);
    expect(pitchAt(melodyOf(samples, 16_000), 0)).toBeUndefined();
    expect(pitchAt(melodyOf(samples, 16_000), 99)).toBeUndefined();
  });
});

describe("the ending", () => {
  const sentence: readonly Hum[] = [
    { ms: 300, from: 130, to: 150 },
    { ms: 250, from: 140, to: 135 },
    { ms: 350, from: 145, to: 130 },
  ];
  const ended = (last: Hum) => hearEnding(hum([...sentence, last]))!;

  it("falls, stays level or rises", () => {
    const falling = ended({ ms: 350, from: 130, to: 90 });
    const level = ended({ ms: 350, from: 138, to: 138 });
    const rising = ended({ ms: 350, from: 130, to: 190 });
    expect(falling.lowering).toBeGreaterThan(3);
    expect(falling.slope).toBeLessThan(-10);
    expect(Math.abs(level.lowering)).toBeLessThan(0.6);
    expect(Math.abs(level.slope)).toBeLessThan(2);
    expect(rising.lowering).toBeLessThan(-2);
    expect(rising.slope).toBeGreaterThan(10);
  });

  it("gets softer or stops short", () => {
    expect(ended({ ms: 350, from: 120, to: 120, fade: 0.1 }).fade).toBeGreaterThan(8);
    expect(Math.abs(ended({ ms: 350, from: 120, to: 120 }).fade)).toBeLessThan(2);
  });

  it("is drawn out or not", () => {
    expect(ended({ ms: 560, from: 138, to: 138 }).drawlMs).toBeGreaterThanOrEqual(480);
    expect(ended({ ms: 200, from: 138, to: 138 }).drawlMs).toBeLessThan(300);
  });

  it("is the same whatever the rate and the silence behind it", () => {
    const last = { ms: 350, from: 130, to: 95 };
    const all = [8_000, 16_000, 24_000, 48_000].flatMap((rate) =>
      [80, 1_500].map((silenceMs) => hearEnding(hum([...sentence, last], { rate, silenceMs }))!.lowering),
    );
    expect(Math.max(...all) - Math.min(...all)).toBeLessThan(1);
  });

  it.each([
    ["nothing", new Int16Array(0)],
    ["silence", new Int16Array(16_000)],
    ["one sample", Int16Array.of(9)],
    ["a click", hum([{ ms: 40, from: 100, to: 100 }]).samples],
  ])("cannot be judged in %s", (_what, samples) => {
    expect(hearEnding({ samples, sampleRate: 16_000 })).toBeUndefined();
  });
});
