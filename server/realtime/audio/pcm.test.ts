import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatPcm, durationMs, pcmFromBytes, pcmToBytes } from "./pcm";

describe("PCM bytes", () => {
  it("are little-endian", () => {
    expect([...pcmToBytes(Int16Array.of(1, -2, 0x1234))]).toEqual([1, 0, 0xfe, 0xff, 0x34, 0x12]);
    expect([...pcmFromBytes(Buffer.from([0x34, 0x12, 0xfe, 0xff]))]).toEqual([0x1234, -2]);
  });

  it("become the same samples from any address, and a last odd byte is left out", () => {
    const property = fc.property(fc.int16Array(), fc.nat(5), fc.boolean(), (samples, offset, odd) => {
      const memory = Buffer.alloc(offset + samples.byteLength + 1, 0x55);
      pcmToBytes(samples).copy(memory, offset);
      const bytes = memory.subarray(offset, offset + samples.byteLength + (odd ? 1 : 0));
      expect(pcmFromBytes(bytes)).toEqual(samples);
    });
    fc.assert(property);
  });

  it("are shared, not copied, when aligned", () => {
    const bytes = Buffer.from(new ArrayBuffer(8));
    const samples = pcmFromBytes(bytes);
    bytes.writeInt16LE(-321, 4);
    expect(samples[2]).toBe(-321);
    expect(pcmToBytes(samples).buffer).toBe(bytes.buffer);
  });

  it("of a view cover that view only", () => {
    const samples = Int16Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(pcmFromBytes(pcmToBytes(samples))).toEqual(Int16Array.of(2, 3));
  });
});

it("durationMs counts in milliseconds", () => {
  expect(durationMs(24_000, 24_000)).toBe(1000);
  expect(durationMs(12, 24_000)).toBe(0.5);
});

it("concatPcm joins in order into memory of its own", () => {
  const first = Int16Array.of(1, 2);
  const joined = concatPcm([first, new Int16Array(0), Int16Array.of(3)]);
  first[0] = 99;
  expect(joined).toEqual(Int16Array.of(1, 2, 3));
  expect(concatPcm([])).toHaveLength(0);
});
