import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TextToSpeech } from "../../../realtime/engine/types";
import { levelOf, spoken, whiteNoise } from "../__fixtures__/speech";
import { createFlite } from "../flite";
import { EnergyGate } from "./gate";

const RATE = 16_000;
const FRAME = 512;

let flite: TextToSpeech;
/** "Hello there …" from its first sound to its last, by voice. */
let voices: Int16Array[];
beforeAll(async () => {
  flite = await createFlite();
  const say = (voice: string): Promise<Int16Array> =>
    spoken(flite, { text: "Hello there, how are you today?", voice, rate: RATE });
  voices = (await Promise.all(["kal16", "awb", "slt"].map(say))).map((samples) => {
    const isLoud = (sample: number): boolean => Math.abs(sample) > 1_000;
    return samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud));
  });
});
afterAll(() => flite.close?.());

/** Which frames pass; `judge` is what the model says of those. */
function passed(samples: Int16Array, judge = (_frame: number): number => 0): boolean[] {
  const gate = new EnergyGate();
  return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, index) => {
    const passes = gate.admits(samples.subarray(index * FRAME, (index + 1) * FRAME));
    if (passes) gate.judge(judge(index));
    return passes;
  });
}

function background(seconds: number, kind: "silence" | "hiss" | "hum" | "offset", level: number): Int16Array {
  const noise = whiteNoise(seconds * RATE, level);
  switch (kind) {
    case "silence":
      return new Int16Array(noise.length);
    case "hiss":
      return noise;
    case "offset":
      return noise.map((sample) => sample / 4 + 3 * level);
    case "hum":
      return noise.map((sample, at) => sample / 8 + level * Math.SQRT2 * Math.sin((2 * Math.PI * 50 * at) / RATE));
    default:
      return kind satisfies never;
  }
}

describe("the gate", () => {
  it("lets the first second pass, then no background, silent or loud, steady or humming", () => {
    const kind = fc.constantFrom("silence" as const, "hiss" as const, "hum" as const, "offset" as const);
    fc.assert(
      fc.property(kind, fc.integer({ min: 2, max: 3_000 }), (each, level) => {
        const passes = passed(background(6, each, level));
        expect(passes.slice(0, 32)).not.toContain(false);
        expect(passes.slice(40)).not.toContain(true);
      }),
      { numRuns: 40 },
    );
  });

  it("never keeps back where speech begins, at 10 dB above the background and more", () => {
    const facts = fc.record({
      voice: fc.nat(2),
      kind: fc.constantFrom("silence" as const, "hiss" as const, "hum" as const, "offset" as const),
      snrDb: fc.integer({ min: 10, max: 50 }),
      gain: fc.double({ min: 0.05, max: 1, noNaN: true }),
      at: fc.integer({ min: 3 * RATE, max: 4 * RATE }),
    });
    fc.assert(
      fc.property(facts, ({ voice, kind, snrDb, gain, at }) => {
        const speech = voices[voice]!.map((sample) => sample * gain);
        const samples = background(7, kind, levelOf(speech) * 10 ** (-snrDb / 20));
        const end = Math.min(samples.length, at + speech.length);
        for (let i = at; i < end; i++) samples[i] = samples[i]! + speech[i - at]!;
        const isSpeech = (frame: number): boolean => (frame + 1) * FRAME > at && frame * FRAME < end;
        // The frame in which it begins may hold next to nothing of it, so the model gets the one before it as well.
        const first = Math.ceil(at / FRAME);
        const last = Math.floor(end / FRAME);
        const passes = passed(samples, (frame) => (isSpeech(frame) ? 0.9 : 0.01)).slice(first, last);
        expect(passes.indexOf(true)).toBeLessThanOrEqual(1);
        expect(passes.slice(1)).not.toContain(false);
      }),
      { numRuns: 60 },
    );
  });

  it("stays open for 200 ms after a sound, and while the model believes in speech", () => {
    const samples = background(6, "hiss", 50);
    samples.set(whiteNoise(FRAME, 2_000), 100 * FRAME);
    const open = (passes: boolean[]): number => passes.slice(100).indexOf(false);
    expect(open(passed(samples))).toBe(7);
    expect(open(passed(samples, (frame) => (frame < 120 ? 0.2 : 0)))).toBe(23);
  });

  it("follows a background that becomes louder, or softer", () => {
    const rising = background(8, "hiss", 50);
    rising.set(whiteNoise(5 * RATE, 1_000), 3 * RATE);
    const passes = passed(rising);
    const step = Math.floor((3 * RATE) / FRAME);
    expect(passes[step + 1]).toBe(true);
    expect(passes.slice(step + 80)).not.toContain(true);
    const falling = background(8, "hiss", 1_000);
    falling.set(whiteNoise(5 * RATE, 50), 3 * RATE);
    falling.set(whiteNoise(FRAME, 300), 5 * RATE);
    expect(passed(falling)[Math.ceil((5 * RATE) / FRAME)]).toBe(true);
  });

  it("tells which frames may be background alone, as soon as it knows the background", () => {
    const gate = new EnergyGate();
    const samples = background(4, "hiss", 50);
    samples.set(whiteNoise(FRAME * 10, 3_000), 80 * FRAME);
    const faint = Array.from({ length: 100 }, (_, index) => {
      gate.admits(samples.subarray(index * FRAME, (index + 1) * FRAME));
      return gate.isFaint;
    });
    expect(faint.slice(0, 32)).not.toContain(true);
    expect(faint.slice(40, 80)).not.toContain(false);
    expect(faint.slice(81, 89)).not.toContain(true);
    expect(faint.slice(91)).not.toContain(false);
  });

  it("believes the model, but where there is hardly more than background only if it is sure", () => {
    const gate = new EnergyGate();
    const samples = background(4, "hiss", 50);
    samples.set(whiteNoise(FRAME * 10, 3_000), 100 * FRAME);
    const judged = Array.from({ length: 112 }, (_, index) => {
      gate.admits(samples.subarray(index * FRAME, (index + 1) * FRAME));
      return gate.judge(0.9);
    });
    expect(judged.slice(0, 32).every((probability) => probability === 0.9)).toBe(true);
    expect(judged[105]).toBe(0.9);
    expect(judged[111]).toBeLessThan(0.3);
    expect(gate.judge(1)).toBe(1);
  });
});
