import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePcm, encodePcm, pcmMilliseconds } from "./base64";

describe("base64 audio", () => {
  it("keeps every sample on the way there and back", () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 2000 }), (samples) => {
        expect(decodePcm(encodePcm(samples))).toEqual(samples);
      }),
    );
  });

  it("carries chunks larger than one block, and views that do not begin at zero", () => {
    const samples = Int16Array.from({ length: 50_000 }, (_, i) => i % 30_000);
    expect(decodePcm(encodePcm(samples.subarray(10_000)))).toEqual(samples.slice(10_000));
  });

  it("tells the duration without decoding", () => {
    for (const count of [0, 1, 2, 3, 2400]) {
      expect(pcmMilliseconds(encodePcm(new Int16Array(count)))).toBeCloseTo(count / 24, 6);
    }
  });

  it("throws on what is not base64", () => {
    expect(() => decodePcm("no base64!")).toThrow();
  });
});
