import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, msOf, wireFormat, type WireFormatType } from "./formats";

const types: WireFormatType[] = ["audio/pcm", "audio/pcmu", "audio/pcma"];

describe("audio format round trip", () => {
  it("audio/pcm gives back every sample and every byte", () => {
    const format = wireFormat("audio/pcm");
    const property = fc.property(fc.int16Array(), (samples) => {
      expect(format.decode(format.encode(samples))).toEqual(samples);
      const bytes = Buffer.from(format.encode(samples));
      expect(format.encode(format.decode(bytes)).equals(bytes)).toBe(true);
    });
    fc.assert(property);
  });

  it.each(["audio/pcmu", "audio/pcma"] as const)("%s stays close, and a second trip changes nothing", (type) => {
    const format = wireFormat(type);
    const property = fc.property(fc.int16Array(), (samples) => {
      const once = format.decode(format.encode(samples));
      expect(format.decode(format.encode(once))).toEqual(once);
      for (const [index, sample] of samples.entries()) {
        expect(Math.abs(once[index]! - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 30));
      }
    });
    fc.assert(property);
  });

  it("lengths in bytes and milliseconds convert both ways without a lost sample", () => {
    const property = fc.property(fc.constantFrom(...types), fc.nat(2_000_000_000), (type, samples) => {
      const format = wireFormat(type);
      const bytes = samples * format.bytesPerSample;
      expect(bytesOf(format, msOf(format, bytes))).toBe(bytes);
    });
    fc.assert(property);
  });
});

describe("wire formats", () => {
  it.each([
    ["audio/pcm", 24_000, 48],
    ["audio/pcmu", 8_000, 8],
    ["audio/pcma", 8_000, 8],
  ] as const)("%s has %i samples a second and %i bytes a millisecond", (type, sampleRate, bytesPerMs) => {
    const format = wireFormat(type);
    expect(format).toMatchObject({ type, sampleRate, bytesPerMs });
    expect(format.encode(new Int16Array(10))).toHaveLength(10 * format.bytesPerSample);
    expect(msOf(format, bytesPerMs * 20)).toBe(20);
    expect(Object.isFrozen(format)).toBe(true);
  });

  it("bytesOf never splits a sample", () => {
    expect(bytesOf(wireFormat("audio/pcm"), 0.03)).toBe(2);
    expect(bytesOf(wireFormat("audio/pcm"), 0.02)).toBe(0);
    expect(bytesOf(wireFormat("audio/pcmu"), 1.9)).toBe(15);
  });
});
