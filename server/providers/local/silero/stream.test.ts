import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samplesBetween, SampleRing } from "./ring";
import { SileroStream } from "./stream";

const RATE = 8_000;

function open(): { stream: SileroStream; ring: SampleRing } {
  const ring = SampleRing.forRate(RATE);
  const stream = new SileroStream(1, ring, { sampleRate: RATE, onFrame() {}, onError() {} });
  return { stream, ring };
}

/** Each sample tells where in the stream it lies. */
const piece = (at: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, index) => (at + index) % 32_749);

describe("the near end of a stream", () => {
  it("sends everything through the ring in order, and keeps what does not fit", () => {
    const steps = fc.array(fc.record({ push: fc.nat(9_000), hear: fc.nat(3_000) }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (each) => {
        const { stream, ring } = open();
        let pushed = 0;
        let heard = 0;
        const check = (): void => {
          const { position, heard: from } = stream.opening;
          const there = samplesBetween(position, ring.written);
          expect(from).toBe(heard);
          expect(there).toBe(Math.min(pushed - heard, ring.room));
          const read = Buffer.from(ring.read(position, there).slice().buffer);
          expect(read.equals(Buffer.from(piece(heard, there).buffer))).toBe(true);
        };
        for (const { push, hear } of each) {
          stream.push(piece(pushed, push));
          pushed += push;
          check();
          heard += Math.min(hear, samplesBetween(stream.opening.position, ring.written));
          stream.hear(heard);
          check();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("copies what it keeps", () => {
    const { stream, ring } = open();
    const memory = piece(0, ring.room + 500);
    stream.push(memory);
    memory.fill(-1);
    stream.hear(1_000);
    expect([...ring.read(ring.room, 500)]).toEqual([...piece(ring.room, 500)]);
  });

  it("drops the oldest audio when it is ten minutes behind, and knows where the rest lies", () => {
    const { stream, ring } = open();
    for (let second = 0; second < 600; second++) stream.push(piece(second * RATE, RATE));
    expect(stream.isTooFarBehind).toBe(false);
    stream.push(piece(600 * RATE, 100));
    expect(stream.isTooFarBehind).toBe(true);
    expect(stream.skip()).toBe(300 * RATE + 100);
    expect(stream.isTooFarBehind).toBe(false);
    const { position, heard } = stream.opening;
    expect(heard).toBe(300 * RATE + 100);
    expect([...ring.read(position, 1_000)]).toEqual([...piece(heard, 1_000)]);
    stream.hear(heard + 1_000);
    expect([...ring.read((position + 1_000) | 0, ring.room)]).toEqual([...piece(heard + 1_000, ring.room)]);
  });
});
