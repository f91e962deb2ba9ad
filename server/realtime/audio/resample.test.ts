import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { concatPcm, pcmToBytes } from "./pcm";
import { createResampler, resampleAll, type Resampler, type ResamplerOptions } from "./resample";
import { loadSpeex } from "./speex";

const opened: Resampler[] = [];
async function open(options: ResamplerOptions): Promise<Resampler> {
  const resampler = await createResampler(options);
  opened.push(resampler);
  return resampler;
}
afterEach(() => {
  for (const resampler of opened.splice(0)) resampler.close();
});

interface Tone {
  hertz: number;
  rate: number;
  seconds?: number;
}

function tone({ hertz, rate, seconds = 0.5 }: Tone): Int16Array {
  const sample = (i: number): number => Math.round(30_000 * Math.sin((2 * Math.PI * hertz * i) / rate));
  return Int16Array.from({ length: Math.round(rate * seconds) }, (_, i) => sample(i));
}

const same = (one: Int16Array, other: Int16Array): boolean => pcmToBytes(one).equals(pcmToBytes(other));

/** Level of the middle of a recording, in dB: its edges hold the filter's onset. Silence counts as 0.01. */
function level(samples: Int16Array): number {
  const middle = samples.subarray(samples.length >> 3, -(samples.length >> 3));
  let sum = 0;
  for (const sample of middle) sum += sample * sample;
  return 20 * Math.log10(Math.max(Math.sqrt(sum / middle.length), 0.01));
}

async function gain(source: Tone, to: number): Promise<number> {
  const input = { samples: tone(source), sampleRate: source.rate };
  return level((await resampleAll(input, to)).samples) - level(input.samples);
}

describe("what the resampler does to sound", () => {
  it.each([
    [24_000, 16_000, 9_000],
    [24_000, 16_000, 10_000],
    [24_000, 16_000, 11_500],
    [24_000, 8_000, 5_000],
    [24_000, 8_000, 7_000],
    [24_000, 8_000, 10_000],
    [44_100, 24_000, 15_000],
  ])("from %i to %i Hz, a tone at %i Hz leaves no alias above −80 dB", async (rate, to, hertz) => {
    expect(await gain({ hertz, rate }, to)).toBeLessThan(-80);
  });

  it("going up, leaves no image above −80 dB: only the tone itself comes out", async () => {
    const { samples } = await resampleAll({ samples: tone({ hertz: 1000, rate: 8_000 }), sampleRate: 8_000 }, 24_000);
    const wanted = tone({ hertz: 1000, rate: 24_000 });
    expect(level(samples.map((sample, i) => sample - wanted[i]!)) - level(wanted)).toBeLessThan(-80);
  });

  it.each([
    [24_000, 16_000, 6_000],
    [24_000, 8_000, 3_000],
    [8_000, 24_000, 3_000],
    [16_000, 24_000, 6_000],
    [22_050, 24_000, 8_200],
    [44_100, 24_000, 9_000],
    [48_000, 24_000, 9_000],
  ])("from %i to %i Hz, tones up to %i Hz keep their level within 0.05 dB", async (rate, to, highest) => {
    for (const hertz of [100, 300, 1000, highest / 2, highest]) {
      expect(Math.abs(await gain({ hertz, rate }, to))).toBeLessThan(0.05);
    }
  });

  it.each([
    [24_000, 16_000],
    [24_000, 8_000],
    [8_000, 24_000],
    [44_100, 24_000],
    [16_000, 24_000],
  ])("from %i to %i Hz, the output is aligned with the input to the sample", async (rate, to) => {
    const { samples } = await resampleAll({ samples: tone({ hertz: 400, rate }), sampleRate: rate }, to);
    const wanted = tone({ hertz: 400, rate: to });
    const margin = to / 50;
    const errors = wanted.map((sample, i) => Math.abs(sample - samples[i]!)).subarray(margin, -margin);
    expect(Math.max(...errors)).toBeLessThanOrEqual(3);
  });

  it("full-scale sound is clipped, never wrapped round", async () => {
    const square = Int16Array.from({ length: 4800 }, (_, i) => (i % 96 < 48 ? 32_767 : -32_768));
    for (const to of [16_000, 48_000]) {
      const { samples } = await resampleAll({ samples: square, sampleRate: 24_000 }, to);
      const half = to / 500;
      const middles = Array.from({ length: 80 }, (_, i) => samples[i * half + half / 2]! * (i % 2 === 0 ? 1 : -1));
      expect(Math.min(...middles)).toBeGreaterThan(25_000);
    }
  });
});

describe("how much comes out", () => {
  it.each([
    [8_000, 24_000],
    [22_050, 24_000],
  ])("from %i to %i Hz, nothing drifts over an hour of odd chunks", async (from, to) => {
    const resampler = await open({ from, to, quality: 0 });
    const sizes = [from / 50, 1, 4801, 333, 20_011, 7];
    const noise = tone({ hertz: 440, rate: from, seconds: 3 });
    const total = from * 3600;
    let taken = 0;
    let given = 0;
    let furthest = 0;
    for (let turn = 0; taken < total; turn++) {
      const size = Math.min(sizes[turn % sizes.length]!, total - taken);
      taken += size;
      given += resampler.process(noise.subarray(0, size)).length;
      furthest = Math.max(furthest, Math.abs((taken * to) / from - given));
    }
    // On the way it is never further behind than the filter's few milliseconds.
    expect(furthest).toBeLessThan(to / 100);
    expect(given + resampler.flush().length).toBe(to * 3600);
  });

  it("any split into chunks gives the same samples, round(input × to / from) of them", async () => {
    const rate = fc.oneof(
      fc.constantFrom(8_000, 16_000, 22_050, 24_000, 44_100, 48_000),
      fc.integer({ min: 2_000, max: 50_000 }),
    );
    const sound = fc.int16Array({ maxLength: 2_000, size: "max" });
    const cuts = fc.array(fc.nat(600), { minLength: 1, maxLength: 12 });
    const property = fc.asyncProperty(rate, rate, sound, cuts, async (from, to, samples, sizes) => {
      const whole = await resampleAll({ samples, sampleRate: from }, to);
      expect(whole.samples).toHaveLength(Math.round((samples.length * to) / from));
      const resampler = await createResampler({ from, to });
      const chunks: Int16Array[] = [];
      for (let at = 0, turn = 0; at < samples.length; turn++) {
        const size = turn % 13 === 12 ? 700 : sizes[turn % sizes.length]!;
        chunks.push(resampler.process(samples.subarray(at, at + size)));
        at += size;
      }
      chunks.push(resampler.flush());
      resampler.close();
      expect(same(concatPcm(chunks), whole.samples)).toBe(true);
    });
    await fc.assert(property);
  });

  it("a recording far longer than the scratch memory is the same as its chunks", async () => {
    const samples = tone({ hertz: 300, rate: 8_000, seconds: 10 });
    const whole = await resampleAll({ samples, sampleRate: 8_000 }, 48_000);
    const resampler = await open({ from: 8_000, to: 48_000 });
    const chunks = Array.from({ length: 500 }, (_, i) => resampler.process(samples.subarray(i * 160, (i + 1) * 160)));
    expect(same(concatPcm([...chunks, resampler.flush()]), whole.samples)).toBe(true);
    expect(whole.samples).toHaveLength(480_000);
  });
});

describe("a resampler's life", () => {
  it("equal rates pass through, in memory of their own", async () => {
    const resampler = await open({ from: 24_000, to: 24_000 });
    const samples = Int16Array.of(1, 2, 3);
    const output = resampler.process(samples);
    samples.fill(9);
    expect(output).toEqual(Int16Array.of(1, 2, 3));
    expect(resampler.flush()).toHaveLength(0);
    const pcm = { samples, sampleRate: 24_000 };
    expect(await resampleAll(pcm, 24_000)).toBe(pcm);
  });

  it("streams do not disturb each other, nor what they gave out before", async () => {
    const options = { from: 24_000, to: 16_000 };
    const [one, other] = [await open(options), await open(options)];
    const sound = tone({ hertz: 500, rate: 24_000, seconds: 0.1 });
    const first = one.process(sound);
    const copy = first.slice();
    other.process(new Int16Array(2400));
    const both = concatPcm([copy, one.process(sound), one.flush()]);
    expect(same(first, copy)).toBe(true);
    const alone = await resampleAll({ samples: concatPcm([sound, sound]), sampleRate: 24_000 }, 16_000);
    expect(same(both, alone.samples)).toBe(true);
  });

  it("begins anew after flush", async () => {
    const resampler = await open({ from: 24_000, to: 8_000 });
    const sound = tone({ hertz: 700, rate: 24_000, seconds: 0.05 });
    const first = concatPcm([resampler.process(sound), resampler.flush()]);
    expect(same(concatPcm([resampler.process(sound), resampler.flush()]), first)).toBe(true);
    expect(resampler.flush()).toHaveLength(0);
  });

  it("throws after close, and closes twice without harm", async () => {
    const resampler = await open({ from: 24_000, to: 8_000 });
    resampler.close();
    resampler.close();
    expect(() => resampler.process(new Int16Array(8))).toThrow("This resampler is closed.");
    expect(() => resampler.flush()).toThrow("This resampler is closed.");
  });

  it.each([0, -8000, 999, 384_001, 8000.5, NaN, Infinity])("refuses a rate of %d Hz", async (rate) => {
    await expect(createResampler({ from: rate, to: 8_000 })).rejects.toThrow(RangeError);
    await expect(resampleAll({ samples: new Int16Array(1), sampleRate: 8_000 }, rate)).rejects.toThrow(RangeError);
  });

  it("refuses a quality out of range", async () => {
    await expect(createResampler({ from: 8_000, to: 24_000, quality: 11 })).rejects.toThrow(/from 0 to 10/);
  });
});

describe("memory of the shared WASM instance", () => {
  it("1000 resamplers, opened, used and closed, do not grow it", async () => {
    const { memoryBytes } = await loadSpeex();
    const cycle = async (): Promise<void> => {
      const resampler = await createResampler({ from: 44_100, to: 24_000, quality: 10 });
      resampler.process(new Int16Array(882));
      resampler.close();
    };
    await cycle();
    const before = memoryBytes();
    for (let i = 0; i < 1000; i++) await cycle();
    expect(memoryBytes()).toBe(before);
  });

  it("grows for many open streams, and those opened before go on", async () => {
    const { memoryBytes } = await loadSpeex();
    const sound = tone({ hertz: 500, rate: 44_100, seconds: 0.1 });
    const whole = await resampleAll({ samples: concatPcm([sound, sound]), sampleRate: 44_100 }, 24_000);
    const early = await open({ from: 44_100, to: 24_000 });
    const first = early.process(sound);
    const before = memoryBytes();
    while (memoryBytes() === before && opened.length < 2000) await open({ from: 44_100, to: 24_000, quality: 10 });
    expect(memoryBytes()).toBeGreaterThan(before);
    expect(same(concatPcm([first, early.process(sound), early.flush()]), whole.samples)).toBe(true);
  });
});
