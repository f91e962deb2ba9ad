import fc from "fast-check";
import { expect, it } from "vitest";
import { Peaks } from "./peaks";

it("tells how loud each piece gets, however the sound is cut", () => {
  const samples = new Int16Array(8_000).fill(0);
  samples[100] = -32_768;
  samples[7_999] = 16_384;
  fc.assert(
    fc.property(fc.array(fc.nat(3_000), { maxLength: 8 }), (cuts) => {
      const peaks = new Peaks(8_000);
      let from = 0;
      for (const cut of [...cuts, samples.length]) {
        peaks.add(samples.subarray(from, from + cut));
        from += cut;
      }
      expect(peaks.values).toHaveLength(50);
      expect([peaks.values[0], peaks.values[1], peaks.values[49]]).toEqual([100, 0, 50]);
    }),
  );
});

it("stays short for hours, and keeps what was loud", () => {
  const peaks = new Peaks(8_000);
  const minute = new Int16Array(8_000 * 60);
  for (let i = 0; i < 90; i += 1) peaks.add(i === 45 ? minute.map(() => 32_767) : minute);
  const { values } = peaks;
  expect(values.length).toBeLessThanOrEqual(2_000);
  expect(values.length).toBeGreaterThanOrEqual(1_000);
  expect(values.indexOf(100) / values.length).toBeCloseTo(0.5, 2);
  expect(values.filter((value) => value === 100).length / values.length).toBeCloseTo(1 / 90, 2);
});

it("has nothing to show of nothing", () => {
  expect(new Peaks(24_000).values).toEqual([]);
});
