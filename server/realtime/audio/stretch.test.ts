import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFlite } from "../../providers/local/flite";
import { levelOf, spoken, whiteNoise } from "../../providers/local/__fixtures__/speech";
import type { TextToSpeech } from "../engine/types";
import { concatPcm, type Pcm } from "./pcm";
import { createStretcher, stretched } from "./stretch";

const SPEEDS = [0.25, 0.5, 0.8, 1.1, 1.25, 1.5];

let flite: TextToSpeech;
beforeAll(async () => {
  flite = await createFlite();
});
afterAll(() => flite.close?.());

function tone(hertz: number, { rate = 24_000, seconds = 1 } = {}): Int16Array {
  const sample = (i: number): number => Math.round(20_000 * Math.sin((2 * Math.PI * hertz * i) / rate));
  return Int16Array.from({ length: rate * seconds }, (_, i) => sample(i));
}

function stretch(samples: Int16Array, speed: number, sampleRate = 24_000): Int16Array {
  const stretcher = createStretcher({ sampleRate, speed });
  return concatPcm([stretcher.process(samples), stretcher.flush()]);
}

/** Frequency of a pure tone: periods between its first and last upward crossing of zero. */
function pitchOfTone(samples: Int16Array, rate: number): number {
  const crossings: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1]!, samples[i]!];
    if (before < 0 && after >= 0) crossings.push(i - after / (after - before));
  }
  return ((crossings.length - 1) * rate) / (crossings.at(-1)! - crossings[0]!);
}

/** The pitch of the voice around a moment, in Hz; undefined where there is none. */
function pitchAt(samples: Int16Array, rate: number, seconds: number): number | undefined {
  const size = rate * 0.04;
  const frame = samples.subarray(Math.round(seconds * rate), Math.round(seconds * rate) + 2 * size);
  if (frame.length < 2 * size || levelOf(frame) < 800) return undefined;
  const alike: number[] = [];
  for (let lag = Math.floor(rate / 400); lag < rate / 60; lag++) {
    let [product, power, other] = [0, 0, 0];
    for (let i = 0; i < size; i++) {
      product += frame[i]! * frame[i + lag]!;
      power += frame[i]! ** 2;
      other += frame[i + lag]! ** 2;
    }
    alike[lag] = product / Math.sqrt(power * other + 1);
  }
  const best = alike.reduce((most, each) => Math.max(most, each), 0);
  // The first peak that is nearly as good as the best: others are whole multiples of the period.
  const lag = alike.findIndex((each, i) => each > 0.9 * best && each >= alike[i + 1]! && each >= alike[i - 1]!);
  return best > 0.8 && lag > 0 ? rate / lag : undefined;
}

describe("speech at another speed", () => {
  it.each(SPEEDS)("at speed %d lasts as long as it should, at every rate", (speed) => {
    for (const rate of [8_000, 16_000, 22_050, 24_000, 48_000]) {
      for (const length of [0, 1, 100, rate / 10 + 7, rate]) {
        const output = stretch(whiteNoise(length, 3_000), speed, rate);
        expect(output).toHaveLength(Math.round(length / speed));
      }
    }
  });

  it.each(SPEEDS)("at speed %d says things when they are due", (speed) => {
    const loud = [0.2, 1, 1.7];
    const samples = new Int16Array(48_000);
    for (const at of loud) samples.set(tone(300, { seconds: 0.2 }), at * 24_000);
    const output = stretch(samples, speed);
    for (const at of loud) {
      const begin = output.findIndex((sample, i) => i > (at / speed - 0.1) * 24_000 && Math.abs(sample) > 4_000);
      // A piece comes from within 10 ms of its due place, and may be faded in over its 15 ms.
      expect(Math.abs(begin / 24_000 - at / speed)).toBeLessThan(0.011 / speed + 0.03);
    }
  });

  it.each(SPEEDS)("at speed %d a tone keeps its pitch and its level", (speed) => {
    for (const rate of [8_000, 24_000, 48_000]) {
      for (const hertz of [60, 100, 220, 440, 1_000, 2_900]) {
        const samples = tone(hertz, { rate });
        const middle = stretch(samples, speed, rate).subarray(rate / 10, -rate / 10);
        expect(Math.abs(pitchOfTone(middle, rate) / hertz - 1)).toBeLessThan(0.02);
        expect(Math.abs(levelOf(middle) / levelOf(samples) - 1)).toBeLessThan(0.1);
      }
    }
  });

  it.each(SPEEDS)("at speed %d a tone has no clicks", (speed) => {
    for (const hertz of [80, 150, 333, 700]) {
      const output = stretch(tone(hertz), speed).subarray(0, -500);
      const steepest = 20_000 * ((2 * Math.PI * hertz) / 24_000);
      const jumps = output.subarray(1).map((sample, i) => Math.abs(sample - output[i]!));
      expect(Math.max(...jumps)).toBeLessThan(steepest * 1.25 + 3);
    }
  });

  it.each(["kal16", "awb", "slt"])("%s keeps the pitch of the voice", async (voice) => {
    const text = "We were away a year ago. Are you really alone in your room?";
    const samples = await spoken(flite, { text, voice, rate: 16_000 });
    for (const speed of [0.5, 0.75, 1.25, 1.5]) {
      const output = stretch(samples, speed, 16_000);
      const ratios: number[] = [];
      for (let at = 0; at < samples.length / 16_000; at += 0.02) {
        const [before, after] = [pitchAt(samples, 16_000, at), pitchAt(output, 16_000, at / speed)];
        if (before !== undefined && after !== undefined) ratios.push(after / before);
      }
      ratios.sort((one, other) => one - other);
      expect(ratios.length).toBeGreaterThan(25);
      expect(Math.abs(ratios[ratios.length >> 1]! - 1)).toBeLessThan(0.02);
      expect(ratios.filter((ratio) => Math.abs(ratio - 1) < 0.06).length / ratios.length).toBeGreaterThan(0.9);
    }
  });
});

describe("a stretcher", () => {
  it("any split into chunks gives the same samples", () => {
    const sound = fc.tuple(fc.integer({ min: 60, max: 900 }), fc.nat(9_000), fc.nat(6_000));
    const cuts = fc
      .array(fc.nat(1_500), { minLength: 1, maxLength: 10 })
      .filter((list) => list.some((size) => size > 9));
    const property = fc.property(sound, cuts, fc.constantFrom(...SPEEDS), ([hertz, length, noise], sizes, speed) => {
      const hiss = whiteNoise(length, noise);
      const samples = tone(hertz)
        .subarray(0, length)
        .map((sample, i) => sample * 0.6 + hiss[i]!);
      const stretcher = createStretcher({ sampleRate: 24_000, speed });
      const parts: Int16Array[] = [];
      for (let at = 0, turn = 0; at < samples.length; turn++) {
        const chunk = samples.subarray(at, at + sizes[turn % sizes.length]!);
        parts.push(stretcher.process(chunk));
        at += chunk.length;
      }
      expect(concatPcm([...parts, stretcher.flush()])).toEqual(stretch(samples, speed));
    });
    fc.assert(property, { numRuns: 40 });
  });

  it.each([357, 643, 743])("looks no further than the audio that it waited for: %i Hz", (hertz) => {
    // Cut where all but one sample has come: looking for that one would give another place than waiting for it.
    const voice = (i: number): number =>
      Math.round(12_000 * Math.sin((2 * Math.PI * hertz * i) / 24_000)) + ((i * 7_919) % 5);
    const samples = Int16Array.from({ length: 4_201 }, (_, i) => voice(i) - 2);
    const stretcher = createStretcher({ sampleRate: 24_000, speed: 0.5 });
    const parts = [stretcher.process(samples.subarray(0, 4_200)), stretcher.process(samples.subarray(4_200))];
    expect(concatPcm([...parts, stretcher.flush()])).toEqual(stretch(samples, 0.5));
  });

  it("gives out as it takes in: never more than 40 ms of input wait", () => {
    for (const speed of SPEEDS) {
      const stretcher = createStretcher({ sampleRate: 24_000, speed });
      const sound = tone(200);
      let given = 0;
      for (let at = 0; at < sound.length; at += 480) {
        given += stretcher.process(sound.subarray(at, at + 480)).length;
        expect(at + 480 - given * speed).toBeLessThan(960);
      }
    }
  });

  it("begins anew after flush", () => {
    const stretcher = createStretcher({ sampleRate: 24_000, speed: 0.8 });
    const first = concatPcm([stretcher.process(tone(300)), stretcher.flush()]);
    expect(concatPcm([stretcher.process(tone(300)), stretcher.flush()])).toEqual(first);
    expect(stretcher.flush()).toHaveLength(0);
  });

  it("passes through at speed 1, in memory of its own, and keeps silence silent", () => {
    const samples = tone(300);
    const output = stretch(samples, 1);
    expect(output).toEqual(samples);
    expect(output.buffer).not.toBe(samples.buffer);
    expect(stretch(new Int16Array(9_000), 0.7).every((sample) => sample === 0)).toBe(true);
  });

  it.each([
    { sampleRate: 24_000, speed: 0.2 },
    { sampleRate: 24_000, speed: 1.6 },
    { sampleRate: 24_000, speed: NaN },
    { sampleRate: 10, speed: 1 },
  ])("refuses %j", (options) => {
    expect(() => createStretcher(options)).toThrow(RangeError);
  });
});

describe("a stream of audio", () => {
  it("may change its rate: each stretch is whole", async () => {
    const chunks: Pcm[] = [8_000, 8_000, 24_000].map((rate) => ({ samples: tone(300, { rate }), sampleRate: rate }));
    async function* source(): AsyncGenerator<Pcm> {
      yield* chunks;
    }
    const heard = new Map<number, number>();
    for await (const { samples, sampleRate } of stretched(source(), 0.5)) {
      expect(samples.length).toBeGreaterThan(0);
      heard.set(sampleRate, (heard.get(sampleRate) ?? 0) + samples.length);
    }
    expect([...heard]).toEqual([
      [8_000, 32_000],
      [24_000, 48_000],
    ]);
  });
});
