import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samplesBetween, SampleRing } from "./ring";

describe("a ring of samples", () => {
  it("gives the other side what was written, however it was cut, with 40 ms of what came before", () => {
    const rates = fc.constantFrom(8_000, 16_000, 24_000, 44_100, 48_000);
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 60 }), (rate, sizes) => {
        const ring = SampleRing.forRate(rate);
        const reader = new SampleRing(ring.memory, rate);
        const history = rate / 25;
        let written = 0;
        let read = 0;
        for (const size of sizes) {
          const length = Math.min(size, ring.room - (written - read));
          ring.write(Int16Array.from({ length }, (_, index) => (written + index) % 30_011));
          written += length;
          expect(samplesBetween(read, reader.written)).toBe(written - read);
          const from = Math.max(0, read - history);
          const expected = Int16Array.from({ length: written - from }, (_, index) => (from + index) % 30_011);
          expect(Buffer.compare(bytes(reader.read(from, written - from)), bytes(expected))).toBe(0);
          if (written - read > ring.room / 2) read = written - 100;
        }
      }),
      { numRuns: 50 },
    );
  });

  it("holds half a second at least", () => {
    for (const rate of [8_000, 16_000, 24_000, 44_100, 48_000, 384_000]) {
      expect(SampleRing.forRate(rate).room).toBeGreaterThanOrEqual(rate * 0.45);
    }
  });

  it("counts on when its count of samples is full", () => {
    const ring = SampleRing.forRate(8_000);
    const near = 2 ** 31 - 100;
    new Int32Array(ring.memory, 0, 1)[0] = near;
    ring.write(new Int16Array(300).fill(7));
    expect(samplesBetween(near, ring.written)).toBe(300);
    expect([...ring.read(near, 300)].every((sample) => sample === 7)).toBe(true);
    expect([...ring.read((near + 250) | 0, 50)].every((sample) => sample === 7)).toBe(true);
  });
});

const bytes = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
