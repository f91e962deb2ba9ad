import { describe, expect, it } from "vitest";
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from "./g711";

const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
const everySample = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);

/** The largest magnitude of each segment, as the tables of ITU-T G.711 give them, scaled to 16 bits. */
const ulawSegmentEnds = [31, 95, 223, 479, 991, 2015, 4063].map((value) => value * 4);
const alawSegmentEnds = [64, 128, 256, 512, 1024, 2048].map((value) => value * 8);

const segmentOf = (ends: readonly number[], magnitude: number): number => ends.filter((end) => magnitude >= end).length;

describe("µ-law", () => {
  it("decodes the values of the G.711 table", () => {
    // prettier-ignore
    const table: Record<number, number> = {
      0x00: -32124, 0x01: -31100, 0x0f: -16764, 0x10: -15996, 0x20: -7932, 0x40: -1884, 0x7e: -8, 0x7f: 0,
      0x80: 32124, 0x8f: 16764, 0x90: 15996, 0xa0: 7932, 0xc0: 1884, 0xef: 132, 0xfe: 8, 0xff: 0,
    };
    for (const [code, value] of Object.entries(table))
      expect(decodeUlaw(Uint8Array.of(+code))).toEqual(Int16Array.of(value));
  });

  it("gives every code back, but the negative zero, which becomes the positive one", () => {
    const again = encodeUlaw(decodeUlaw(codes));
    expect([...again]).toEqual([...codes].map((code) => (code === 0x7f ? 0xff : code)));
  });

  it("encodes near zero and at full scale as the reference code of G.191 does", () => {
    const samples = Int16Array.of(0, 3, 4, 11, 12, -1, -4, -5, -12, -13, 32767, -32768);
    expect([...encodeUlaw(samples)]).toEqual([0xff, 0xff, 0xfe, 0xfe, 0xfd, 0x7f, 0x7f, 0x7e, 0x7e, 0x7d, 0x80, 0x00]);
  });

  it("keeps every sample within half a step of its segment, up to the overload point", () => {
    const decoded = decodeUlaw(encodeUlaw(everySample));
    const wrong = everySample.filter((sample, index) => {
      const magnitude = sample < 0 ? ~sample : sample;
      const halfStep = 4 << segmentOf(ulawSegmentEnds, magnitude);
      return magnitude < 8159 * 4 && Math.abs(decoded[index]! - sample) > halfStep;
    });
    expect(wrong).toHaveLength(0);
    expect([...decoded]).toEqual([...decoded].sort((a, b) => a - b));
  });
});

describe("A-law", () => {
  it("decodes the values of the G.711 table", () => {
    // prettier-ignore
    const table: Record<number, number> = {
      0xd5: 8, 0x55: -8, 0xd4: 24, 0x54: -24, 0xc5: 264, 0xda: 248, 0xf5: 528, 0x2a: -32256, 0xaa: 32256, 0x00: -5504, 0x80: 5504,
    };
    for (const [code, value] of Object.entries(table))
      expect(decodeAlaw(Uint8Array.of(+code))).toEqual(Int16Array.of(value));
  });

  it("gives every code back", () => {
    expect([...encodeAlaw(decodeAlaw(codes))]).toEqual([...codes]);
  });

  it("encodes near zero and at full scale as the reference code of G.191 does", () => {
    const samples = Int16Array.of(0, 15, 16, -1, -16, -17, 32767, -32768);
    expect([...encodeAlaw(samples)]).toEqual([0xd5, 0xd5, 0xd4, 0x55, 0x55, 0x54, 0xaa, 0x2a]);
  });

  it("keeps every sample within half a step of its segment", () => {
    const decoded = decodeAlaw(encodeAlaw(everySample));
    const wrong = everySample.filter((sample, index) => {
      const magnitude = sample < 0 ? ~sample : sample;
      const halfStep = 8 << segmentOf(alawSegmentEnds, magnitude);
      return Math.abs(decoded[index]! - sample) > halfStep;
    });
    expect(wrong).toHaveLength(0);
    expect([...decoded]).toEqual([...decoded].sort((a, b) => a - b));
  });
});
