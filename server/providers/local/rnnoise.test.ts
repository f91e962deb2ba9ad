import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { concatPcm } from "../../realtime/audio/pcm";
import type { NoiseStream, NoiseStreamOptions, NoiseSuppressor, TextToSpeech } from "../../realtime/engine/types";
import { levelOf, spoken, whiteNoise } from "./__fixtures__/speech";
import { createFlite } from "./flite";
import { createRnnoise } from "./rnnoise";
import { loadRnnoise } from "./rnnoise-wasm";

let flite: TextToSpeech;
let rnnoise: NoiseSuppressor;
beforeAll(async () => {
  [flite, rnnoise] = await Promise.all([createFlite(), createRnnoise()]);
});
afterAll(() => flite.close?.());

const opened: NoiseStream[] = [];
function open(options: Partial<NoiseStreamOptions> = {}): NoiseStream {
  const stream = rnnoise.open({ sampleRate: 24_000, strength: 1, type: "near_field", ...options });
  opened.push(stream);
  return stream;
}
afterEach(() => {
  for (const stream of opened.splice(0)) stream.close();
});

function clean(samples: Int16Array, options: Partial<NoiseStreamOptions> = {}): Int16Array {
  const stream = open(options);
  return concatPcm([stream.process(samples), stream.flush()]);
}

/** A sentence with silence around it, and the same in white noise. */
async function noisy({
  voice = "awb",
  rate = 24_000,
  snr = 5,
  level = 1,
}): Promise<Record<"speech" | "mix", Int16Array>> {
  const text = "Good morning. I would like to know the way to the station, and when the next train leaves.";
  const sentence = (await spoken(flite, { text, voice, rate })).map((sample) => sample * level);
  const pause = new Int16Array(rate / 2);
  const speech = concatPcm([pause, sentence, pause]);
  const noise = whiteNoise(speech.length, levelOf(sentence) / 10 ** (snr / 20));
  return { speech, mix: speech.map((sample, i) => sample + noise[i]!) };
}

/** Scale-invariant signal-to-distortion ratio, in dB. */
function siSdr(estimate: Int16Array, reference: Int16Array): number {
  const dot = (one: Int16Array, other: Int16Array): number => one.reduce((sum, each, i) => sum + each * other[i]!, 0);
  const scale = dot(estimate, reference) / dot(reference, reference);
  const target = Float64Array.from(reference, (sample) => scale * sample);
  return 20 * Math.log10(levelOf(target) / levelOf(target.map((each, i) => estimate[i]! - each)));
}

/** By how many samples `late` lags behind `early`, judged by where their edges lie. */
function lagOf(late: Int16Array, early: Int16Array): number {
  const edges = (samples: Int16Array): Float64Array =>
    Float64Array.from(samples, (sample, i) => sample - (samples[i - 1] ?? 0));
  const [one, other] = [edges(late), edges(early)];
  const lags = Array.from({ length: 81 }, (_, i) => i - 40);
  const alike = lags.map((lag) => one.subarray(50, -50).reduce((sum, each, i) => sum + each * other[i + 50 - lag]!, 0));
  return lags[alike.indexOf(Math.max(...alike))]!;
}

describe("noise reduction", () => {
  it.each([
    ["kal16", 24_000, 0],
    ["awb", 24_000, 5],
    ["rms", 24_000, 10],
    ["slt", 24_000, 10],
    ["awb", 8_000, 0],
    ["slt", 8_000, 10],
    ["kal16", 48_000, 5],
  ])("%s at %i Hz in white noise of %i dB comes out at least 4 dB cleaner", async (voice, rate, snr) => {
    const { speech, mix } = await noisy({ voice, rate, snr });
    const before = siSdr(mix, speech);
    expect(Math.abs(before - snr)).toBeLessThan(1);
    expect(siSdr(clean(mix, { sampleRate: rate }), speech) - before).toBeGreaterThan(4);
    expect(siSdr(clean(mix, { sampleRate: rate, type: "far_field", strength: 0.8 }), speech) - before).toBeGreaterThan(
      3,
    );
  });

  it("takes noise out of pauses: the more, the stronger", async () => {
    const { mix } = await noisy({ snr: 5 });
    const pause = (samples: Int16Array): number => levelOf(samples.subarray(-9_000));
    const levels = [0, 0.25, 0.5, 0.75, 1].map((strength) => pause(clean(mix, { strength })) / pause(mix));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.slice(1).entries()) expect(level).toBeLessThan(levels[index]! - 0.15);
    expect(levels.at(-1)).toBeLessThan(0.1);
  });

  it("at strength 0 changes no sample and holds none back", async () => {
    const { mix } = await noisy({});
    for (const type of ["near_field", "far_field"] as const) {
      const stream = open({ strength: 0, type });
      expect(stream.delaySamples).toBe(0);
      expect(stream.process(mix)).toEqual(mix);
      expect(stream.flush()).toHaveLength(0);
    }
  });

  it("leaves silence silent, and clean speech as it was", async () => {
    expect(clean(new Int16Array(24_000)).every((sample) => sample === 0)).toBe(true);
    expect(clean(new Int16Array(24_000), { type: "far_field" }).every((sample) => sample === 0)).toBe(true);
    const { speech } = await noisy({});
    expect(siSdr(clean(speech), speech)).toBeGreaterThan(12);
  });
});

describe("a distant microphone", () => {
  it("brings soft speech nearer, and loud speech not", async () => {
    const soft = await noisy({ level: 0.1, snr: 20 });
    const gain = (type: NoiseStreamOptions["type"], samples: Int16Array): number =>
      levelOf(clean(samples, { type }).subarray(60_000)) / levelOf(samples.subarray(60_000));
    expect(gain("near_field", soft.mix)).toBeLessThan(1.05);
    expect(gain("far_field", soft.mix)).toBeGreaterThan(2);
    expect(gain("far_field", soft.mix)).toBeLessThan(4);
    expect(gain("far_field", (await noisy({ snr: 20 })).mix)).toBeLessThan(1.2);
  });

  it("never clips what is suddenly loud", async () => {
    const { speech } = await noisy({ level: 0.1 });
    const loud = (await noisy({ level: 1.5 })).speech;
    const cleaned = clean(concatPcm([speech, loud]), { type: "far_field" }).subarray(speech.length + 24_000);
    expect(cleaned.filter((sample) => Math.abs(sample) >= 32_767).length).toBeLessThan(24);
  });
});

describe("time", () => {
  it.each([8_000, 16_000, 24_000, 48_000])("at %i Hz what comes out lies where it lay, to the sample", async (rate) => {
    const { speech, mix } = await noisy({ rate, snr: 15 });
    for (const options of [{ strength: 1 }, { strength: 0.5 }, { strength: 1, type: "far_field" as const }]) {
      const cleaned = clean(mix, { sampleRate: rate, ...options });
      expect(cleaned).toHaveLength(mix.length);
      expect(lagOf(cleaned, speech)).toBe(0);
    }
  });

  it.each([8_000, 24_000, 44_100])("at %i Hz an impulse stays at its place", (rate) => {
    const samples = new Int16Array(rate);
    samples[12_345 % rate] = 30_000;
    const cleaned = clean(samples, { sampleRate: rate, strength: 0.5 });
    expect(cleaned.indexOf(Math.max(...cleaned))).toBe(12_345 % rate);
  });

  it("no more than the stated delay is ever held back, however the audio comes", async () => {
    const { mix } = await noisy({});
    const sound = mix.subarray(0, 20_000);
    const whole = { near: clean(sound), far: clean(sound, { type: "far_field", strength: 0.6 }) };
    const sizes = fc
      .array(fc.nat(900), { minLength: 1, maxLength: 12 })
      .filter((list) => list.some((size) => size > 50));
    const property = fc.property(sizes, fc.boolean(), (list, far) => {
      const stream = open(far ? { type: "far_field", strength: 0.6 } : {});
      const parts: Int16Array[] = [];
      let given = 0;
      for (let at = 0, turn = 0; at < sound.length; turn++) {
        const chunk = sound.subarray(at, at + list[turn % list.length]!);
        parts.push(stream.process(chunk));
        at += chunk.length;
        given += parts.at(-1)!.length;
        expect(at - given).toBeLessThanOrEqual(stream.delaySamples);
        expect(given).toBeLessThanOrEqual(at);
      }
      parts.push(stream.flush());
      stream.close();
      expect(concatPcm(parts)).toEqual(far ? whole.far : whole.near);
    });
    fc.assert(property, { numRuns: 12 });
  });

  it.each([8_000, 22_050, 24_000, 48_000])("at %i Hz the delay is at most 27 ms, and well used", (sampleRate) => {
    const stream = open({ sampleRate });
    expect(stream.delaySamples / sampleRate).toBeLessThan(0.027);
    const given = Array.from({ length: 100 }, () => stream.process(new Int16Array(sampleRate / 50)).length);
    const held = 2 * sampleRate - given.reduce((sum, each) => sum + each);
    expect(held).toBeLessThanOrEqual(stream.delaySamples);
    expect(held).toBeGreaterThan(stream.delaySamples - 0.02 * sampleRate);
  });

  it("after a flush more may follow: aligned, complete, and the noise is still known", async () => {
    const { speech, mix } = await noisy({ snr: 15 });
    const stream = open();
    for (const end of [mix.length, mix.length - 7, 31]) {
      expect(concatPcm([stream.process(mix.subarray(0, end)), stream.flush()])).toHaveLength(end);
    }
    const again = concatPcm([stream.process(mix), stream.flush()]);
    expect(lagOf(again, speech)).toBe(0);
    expect(stream.flush()).toHaveLength(0);
    const begin = (samples: Int16Array): number => levelOf(samples.subarray(1_000, 3_000));
    expect(begin(again)).toBeLessThan(begin(clean(mix)));
  });
});

describe("a stream's life", () => {
  it("streams do not hear each other", async () => {
    const { mix } = await noisy({});
    const alone = clean(mix);
    const [one, other] = [open(), open({ sampleRate: 8_000, type: "far_field" })];
    const parts: Int16Array[] = [];
    for (let at = 0; at < mix.length; at += 480) {
      parts.push(one.process(mix.subarray(at, at + 480)));
      other.process(whiteNoise(160, 9_000));
    }
    expect(concatPcm([...parts, one.flush()])).toEqual(alone);
  });

  it("its memory is freed by close", async () => {
    const { memoryBytes } = await loadRnnoise();
    const cycle = (): void => {
      const stream = rnnoise.open({ sampleRate: 8_000, strength: 1, type: "far_field" });
      stream.process(new Int16Array(160));
      stream.close();
    };
    cycle();
    const before = memoryBytes();
    for (let i = 0; i < 1_000; i++) cycle();
    expect(memoryBytes()).toBe(before);
  });

  it("many streams at once have room, and those before go on", async () => {
    const { mix } = await noisy({});
    const alone = clean(mix);
    const { memoryBytes } = await loadRnnoise();
    const early = open();
    const first = early.process(mix.subarray(0, 20_000));
    const before = memoryBytes();
    while (memoryBytes() === before && opened.length < 3_000) open({ sampleRate: 48_000 });
    expect(memoryBytes()).toBeGreaterThan(before);
    expect(concatPcm([first, early.process(mix.subarray(20_000)), early.flush()])).toEqual(alone);
  });

  it("throws after close, and closes twice without harm", () => {
    const stream = open();
    stream.close();
    stream.close();
    expect(() => stream.process(new Int16Array(8))).toThrow("This noise reduction is closed.");
    expect(() => stream.flush()).toThrow("This noise reduction is closed.");
  });

  it.each([{ sampleRate: 96_000 }, { sampleRate: 7 }, { sampleRate: NaN }, { strength: 1.1 }, { strength: NaN }])(
    "refuses %j",
    (options) => expect(() => open(options)).toThrow(RangeError),
  );
});
