import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DriftCorrector } from "./drift";
import { frameMsOf, JitterBuffer, type Playout } from "./jitter-buffer";
import type { RtpPacket } from "./rtp";

/** A CELT frame of 20 ms whose second and third byte say which one it is. */
const payloadOf = (index: number): Buffer => Buffer.from([31 << 3, index >> 8, index & 0xff]);
const indexOf = (payload: Buffer): number => payload.readUInt16BE(1);
const packet = (index: number, { first = 65_500, stamp = 4_294_900_000 } = {}): RtpPacket => ({
  payloadType: 111,
  sequence: (first + index) & 0xffff,
  timestamp: (stamp + index * 960) >>> 0,
  payload: payloadOf(index),
});

interface Arrival {
  readonly index: number;
  readonly at: number;
}

/** Runs a buffer over arrivals, ticking every 20 ms. */
function run(
  arrivals: readonly Arrival[],
  untilMs: number,
): { out: Playout[]; delays: number[]; buffer: JitterBuffer } {
  const buffer = new JitterBuffer();
  const out: Playout[] = [];
  const delays: number[] = [];
  const queue = [...arrivals].sort((a, b) => a.at - b.at);
  const take = (some: Playout[], now: number): void => {
    for (const each of some) {
      out.push(each);
      if (each.type === "packet") delays.push(now - indexOf(each.payload) * 20);
    }
  };
  for (let now = 0; now <= untilMs; now += 1) {
    while (queue[0] !== undefined && queue[0].at <= now) take(buffer.push(packet(queue.shift()!.index), now), now);
    if (now % 20 === 0) take(buffer.tick(now), now);
  }
  return { out, delays, buffer };
}

const packets = (out: readonly Playout[]): number[] =>
  out.flatMap((each) => (each.type === "packet" ? [indexOf(each.payload)] : []));
const msOf = (out: readonly Playout[]): number =>
  out.reduce((sum, each) => sum + (each.type === "packet" ? 20 : each.ms), 0);

describe("the jitter buffer", () => {
  it("hands on what comes in order at once", () => {
    const { out, delays } = run(
      Array.from({ length: 100 }, (_, index) => ({ index, at: index * 20 })),
      1_990,
    );
    expect(packets(out)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(out).toHaveLength(100);
    expect(Math.max(...delays)).toBe(0);
  });

  it("waits for one that was overtaken, and fills in one that was lost from its neighbour", () => {
    const buffer = new JitterBuffer();
    expect(packets(buffer.push(packet(0), 0))).toEqual([0]);
    expect(buffer.push(packet(2), 20)).toEqual([]);
    expect(packets(buffer.push(packet(1), 30))).toEqual([1, 2]);
    expect(buffer.push(packet(4), 60)).toEqual([]);
    const later = buffer.tick(100);
    expect(later).toEqual([
      { type: "lost", ms: 20, next: payloadOf(4) },
      { type: "packet", payload: payloadOf(4) },
    ]);
    expect(buffer.push(packet(3), 110)).toEqual([]);
    expect(buffer.stats).toMatchObject({ lost: 1, late: 1 });
  });

  it("lets time go on while the client sends nothing, and does not count that twice", () => {
    const buffer = new JitterBuffer();
    buffer.push(packet(0), 0);
    const silent: Playout[] = [];
    for (let now = 20; now <= 1_000; now += 20) silent.push(...buffer.tick(now));
    expect(silent.every(({ type }) => type === "silence")).toBe(true);
    expect(msOf(silent)).toBe(880);
    // The next packet says that 980 ms have passed in the client's clock: the rest is filled in.
    const next = buffer.push({ ...packet(1), timestamp: packet(50).timestamp }, 1_000);
    expect(next).toEqual([
      { type: "silence", ms: 100 },
      { type: "packet", payload: payloadOf(1) },
    ]);
  });

  it("starts anew when the client does", () => {
    const buffer = new JitterBuffer();
    buffer.push(packet(0), 0);
    const other = { ...packet(7), sequence: 30_000, timestamp: 5 };
    expect(packets(buffer.push(other, 20))).toEqual([7]);
    expect(buffer.stats.lost).toBe(0);
  });

  it("properties: order, each at most once, every hole filled once, all within the wait", () => {
    const network = fc.record({
      count: fc.integer({ min: 1, max: 200 }),
      loss: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200, maxLength: 200 }),
      delay: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 200, maxLength: 200 }),
      twice: fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
    });
    fc.assert(
      fc.property(network, ({ count, loss, delay, twice }) => {
        const arrivals = Array.from({ length: count }, (_, index) => index).flatMap((index): Arrival[] => {
          if (index > 0 && loss[index]! < 0.2) return [];
          const at = index * 20 + (index === 0 ? 0 : delay[index]!);
          return twice[index] === true
            ? [
                { index, at },
                { index, at: at + 3 },
              ]
            : [{ index, at }];
        });
        // After a longer silence the stream is taken for a new one.
        const places = [...new Set(arrivals.map(({ index }) => index))];
        fc.pre(places.every((index, at) => at === 0 || index - (places[at - 1] ?? 0) < 50));
        const { out, delays } = run(arrivals, count * 20 + 90);
        const heard = packets(out);
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        // From the first to the last packet that came out, every place is taken once.
        const filled = out.filter(({ type }) => type !== "silence").length;
        const silences = out.filter(({ type, ...rest }) => type === "silence" && "ms" in rest && rest.ms === 20).length;
        expect(filled + silences).toBeGreaterThanOrEqual(heard.at(-1)! + 1);
        expect(Math.max(...delays)).toBeLessThanOrEqual(60 + 120 + 20);
      }),
      { numRuns: 200 },
    );
  });

  it("5 % loss and 60 ms of jitter: little is made up, little is waited", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const count = 3_000;
    const arrivals = Array.from({ length: count }, (_, index) => index).flatMap((index): Arrival[] =>
      random() < 0.05 ? [] : [{ index, at: index * 20 + Math.round(random() * 60) }],
    );
    const { out, delays, buffer } = run(arrivals, count * 20 + 100);
    const made = out.filter(({ type }) => type === "lost").length;
    expect(made).toBeGreaterThan(count * 0.04);
    expect(made).toBeLessThan(count * 0.065);
    expect(buffer.stats.late).toBeLessThan(count * 0.01);
    const sorted = [...delays].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(60);
    expect(msOf(out)).toBeGreaterThanOrEqual((count - 5) * 20);
    expect(msOf(out)).toBeLessThanOrEqual((count + 10) * 20);
  });

  it.each([
    [[0x78], 20],
    [[0xf8], 20],
    [[0x18], 60],
    [[0xe1], 5],
    [[0xfb, 0x03], 60],
    [[0xfb, 0x00], null],
    [[0x1b, 0x3f], null],
    [[], null],
  ])("knows how long a packet %j lasts", (bytes, ms) => expect(frameMsOf(Buffer.from(bytes))).toBe(ms));
});

describe("drift", () => {
  const hour = 3_600_000;

  it.each([-500, -200, -50, 0, 50, 200, 500])("a clock %i ppm off does not drift away within an hour", (ppm) => {
    const corrector = new DriftCorrector(24_000);
    let seed = 11;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const frame = Int16Array.from({ length: 480 }, (_, index) => 5_000 * Math.sin(index / 9));
    const every = 20 / (1 + ppm / 1e6);
    let samples = 0;
    let worst = 0;
    for (let index = 0; index * every < hour; index++) {
      const now = index * every + random() * 60;
      samples += corrector.process(frame, now).length;
      if (index % 3_000 === 2_999) worst = Math.max(worst, Math.abs(samples / 24 - (index + 1) * every));
    }
    expect(worst).toBeLessThan(60);
  });

  it("what a hold-up of the network made too long is taken out where it is quiet, and not from speech", () => {
    const corrector = new DriftCorrector(24_000);
    const quiet = new Int16Array(480);
    const loud = Int16Array.from({ length: 480 }, (_, index) => 5_000 * Math.sin(index / 9));
    let samples = 0;
    const play = (frame: Int16Array, now: number): void => void (samples += corrector.process(frame, now).length);
    for (let index = 0; index < 200; index++) play(loud, index * 20);
    // 300 ms too many, then more speech, then a pause.
    for (let index = 0; index < 15; index++) play(loud, 4_000);
    for (let index = 0; index < 50; index++) play(loud, 4_000 + index * 20);
    expect(samples / 24).toBeGreaterThan(5_250);
    for (let index = 0; index < 50; index++) play(quiet, 5_000 + index * 20);
    expect(Math.abs(samples / 24 - 6_000)).toBeLessThan(60);
  });

  it("leaves a good clock's sound alone, sample by sample", () => {
    const corrector = new DriftCorrector(24_000);
    const frame = Int16Array.from({ length: 480 }, (_, index) => index);
    for (let index = 0; index < 5_000; index++) expect(corrector.process(frame, index * 20)).toBe(frame);
  });

  it("keeps both ends of a frame that it changes", () => {
    const corrector = new DriftCorrector(24_000);
    const frame = Int16Array.from({ length: 480 }, (_, index) => index * 10);
    const changed = Array.from({ length: 2_000 }, (_, index) => corrector.process(frame, index * 19.9)).find(
      ({ length }) => length !== 480,
    );
    expect(changed?.length).toBe(478);
    expect([changed?.[0], changed?.at(-1)]).toEqual([0, 4_790]);
  });

  it("a clock that jumps is followed", () => {
    const corrector = new DriftCorrector(24_000);
    const frame = new Int16Array(480);
    for (let index = 0; index < 100; index++) corrector.process(frame, index * 20);
    for (let index = 100; index < 400; index++) corrector.process(frame, index * 20 + 60_000);
    expect(Math.abs(corrector.leadMs)).toBeLessThan(50);
  });
});
