import fc from "fast-check";
import { expect, it } from "vitest";
import { floatFromPcm, pcmFromFloat } from "./float";

it("samples survive the way to floats and back", () => {
  const property = fc.property(fc.int16Array(), (samples) => {
    expect(pcmFromFloat(floatFromPcm(samples))).toEqual(samples);
  });
  fc.assert(property);
  expect(floatFromPcm(Int16Array.of(-32768, 0, 16384))).toEqual(Float32Array.of(-1, 0, 0.5));
});

it("floats beyond full scale are clipped and NaN is silence", () => {
  const values = Float32Array.of(2, 1, -1, -7, Infinity, -Infinity, NaN);
  expect(pcmFromFloat(values)).toEqual(Int16Array.of(32767, 32767, -32768, -32768, 32767, -32768, 0));
});

it("floatFromPcm fills the given array", () => {
  const target = new Float32Array(4).fill(9);
  expect(floatFromPcm(Int16Array.of(8192), target)).toBe(target);
  expect(target).toEqual(Float32Array.of(0.25, 9, 9, 9));
});
