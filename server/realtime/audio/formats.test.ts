import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, createWireEncoder, msOf, wireFormat, type WireFormatType } from "./formats";
import { resampleAll } from "./resample";

const types: WireFormatType[] = ["audio/pcm", "audio/pcmu", "audio/pcma"];

describe("audio format round trip", () => {
  it("audio/pcm gives back every sample and every byte", () => {
    const format = wireFormat({ type: "audio/pcm" });
    const property = fc.property(fc.int16Array(), (samples) => {
      expect(format.decode(format.encode(samples))).toEqual(samples);
      const bytes = Buffer.from(format.encode(samples));
      expect(format.encode(format.decode(bytes)).equals(bytes)).toBe(true);
    });
    fc.assert(property);
  });

  it.each(["audio/pcmu", "audio/pcma"] as const)("%s stays close, and a second trip changes nothing", (type) => {
    const format = wireFormat({ type });
    const property = fc.property(fc.int16Array(), (samples) => {
      const once = format.decode(format.encode(samples));
      expect(format.decode(format.encode(once))).toEqual(once);
      for (const [index, sample] of samples.entries()) {
        // Half a step: of the biased value (µ-law adds 132) it is at most a 32nd.
        expect(Math.abs(once[index]! - sample)).toBeLessThanOrEqual(Math.max(16, (Math.abs(sample) + 132) / 32));
      }
    });
    fc.assert(property);
  });

  it("lengths in bytes and milliseconds convert both ways without a lost sample", () => {
    const property = fc.property(fc.constantFrom(...types), fc.nat(2_000_000_000), (type, samples) => {
      const format = wireFormat({ type });
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
    const format = wireFormat({ type });
    expect(format).toMatchObject({ type, sampleRate, bytesPerMs });
    expect(format.encode(new Int16Array(10))).toHaveLength(10 * format.bytesPerSample);
    expect(msOf(format, bytesPerMs * 20)).toBe(20);
    expect(Object.isFrozen(format)).toBe(true);
  });

  it.each([8_000, 16_000, 24_000, 48_000] as const)("audio/pcm at %i Hz", async (rate) => {
    const format = wireFormat({ type: "audio/pcm", rate });
    expect(format).toMatchObject({ type: "audio/pcm", sampleRate: rate, bytesPerSample: 2 });
    expect(msOf(format, bytesOf(format, 1_234))).toBe(1_234);
    expect(wireFormat({ type: "audio/pcm", rate })).toBe(format);
    const encoder = createWireEncoder(format);
    const tone = Int16Array.from({ length: 2_205 }, (_, i) => 9_000 * Math.sin(i / 20));
    const parts = [await encoder.encode({ samples: tone, sampleRate: 22_050 }), await encoder.flush()];
    encoder.close();
    expect(Buffer.concat(parts)).toHaveLength(rate / 5);
  });

  it("without a rate is at 24 kHz", () => {
    expect(wireFormat({ type: "audio/pcm" })).toBe(wireFormat({ type: "audio/pcm", rate: 24_000 }));
  });

  it("bytesOf never splits a sample", () => {
    expect(bytesOf(wireFormat({ type: "audio/pcm" }), 0.03)).toBe(2);
    expect(bytesOf(wireFormat({ type: "audio/pcm" }), 0.02)).toBe(0);
    expect(bytesOf(wireFormat({ type: "audio/pcmu" }), 1.9)).toBe(15);
  });
});

describe("a wire encoder", () => {
  const speech = (length: number): Int16Array => Int16Array.from({ length }, (_, i) => 12_000 * Math.sin(i / 9));
  const pcm = (samples: Int16Array, sampleRate: number): { samples: Int16Array; sampleRate: number } => ({
    samples,
    sampleRate,
  });

  it("any split of any rate into chunks gives the same bytes", async () => {
    const rates = fc.constantFrom(8_000, 16_000, 22_050, 24_000, 44_100);
    const cuts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(fc.constantFrom(...types), rates, cuts, async (type, rate, sizes) => {
      const format = wireFormat({ type });
      const samples = speech(3_000);
      const encoder = createWireEncoder(format);
      const parts: Buffer[] = [];
      for (let at = 0, turn = 0; at < samples.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        parts.push(await encoder.encode(pcm(samples.subarray(at, at + size), rate)));
        at += size;
      }
      parts.push(await encoder.flush());
      encoder.close();
      const whole = await resampleAll(pcm(samples, rate), format.sampleRate);
      expect(Buffer.concat(parts).equals(format.encode(whole.samples))).toBe(true);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  it("loses nothing when the rate changes in mid-stream", async () => {
    const encoder = createWireEncoder(wireFormat({ type: "audio/pcm" }));
    const pieces = [
      pcm(speech(1_600), 16_000),
      pcm(speech(2_205), 22_050),
      pcm(speech(2_400), 24_000),
      pcm(speech(800), 8_000),
    ];
    const parts: Buffer[] = [];
    for (const piece of pieces) parts.push(await encoder.encode(piece));
    parts.push(await encoder.flush());
    encoder.close();
    const wanted = await Promise.all(pieces.map((piece) => resampleAll(piece, 24_000)));
    const bytes = Buffer.concat(wanted.map(({ samples }) => wireFormat({ type: "audio/pcm" }).encode(samples)));
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(bytes).toHaveLength(4 * 4_800);
  });

  it("answers calls in order, even when nobody waits between them", async () => {
    const encoder = createWireEncoder(wireFormat({ type: "audio/pcm" }));
    const answers = [
      encoder.encode(pcm(Int16Array.of(1), 24_000)),
      encoder.encode(pcm(new Int16Array(8), 8_000)),
      encoder.flush(),
      encoder.encode(pcm(Int16Array.of(2), 24_000)),
    ];
    const sizes = (await Promise.all(answers)).map((bytes) => bytes.length);
    encoder.close();
    expect(sizes).toEqual([2, 0, 48, 2]);
  });

  it("gives out bytes that a reused input buffer cannot change", async () => {
    const encoder = createWireEncoder(wireFormat({ type: "audio/pcm" }));
    const samples = Int16Array.of(1, 2);
    const bytes = await encoder.encode(pcm(samples, 24_000));
    samples.fill(9);
    expect([...bytes]).toEqual([1, 0, 2, 0]);
    encoder.close();
  });

  it("goes on after a chunk of an impossible rate", async () => {
    const encoder = createWireEncoder(wireFormat({ type: "audio/pcmu" }));
    await encoder.encode(pcm(new Int16Array(240), 24_000));
    await expect(encoder.encode(pcm(new Int16Array(8), 0))).rejects.toThrow(RangeError);
    const first = await encoder.encode(pcm(new Int16Array(240), 24_000));
    expect(first.length).toBeGreaterThan(0);
    encoder.close();
  });

  it.each([0, 1, 2])("closed %i ticks after a call, or before it, yields no bytes any more", async (ticks) => {
    const encoder = createWireEncoder(wireFormat({ type: "audio/pcm" }));
    const pending = encoder.encode(pcm(speech(800), 8_000));
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    encoder.close();
    expect(await pending).toHaveLength(0);
    expect(await encoder.encode(pcm(speech(800), 24_000))).toHaveLength(0);
    expect(await encoder.flush()).toHaveLength(0);
    encoder.close();
  });
});
