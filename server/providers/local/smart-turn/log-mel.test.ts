import { describe, expect, it } from "vitest";
import { Fourier } from "./fourier";
import { logMel, MEL_BANDS, normalise } from "./log-mel";

const RATE = 16_000;
const sine = (hz: number, length = RATE): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE));

describe("Fourier transform", () => {
  it.each([1, 2, 7, 12, 30, 400, 11])("of size %i is what its definition says", (size) => {
    const re = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i) - 0.3);
    const im = Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i * i));
    const expected = Array.from({ length: size }, (_, k) => {
      let sumRe = 0;
      let sumIm = 0;
      for (let i = 0; i < size; i++) {
        const angle = (-2 * Math.PI * i * k) / size;
        sumRe += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
        sumIm += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
      }
      return [sumRe, sumIm] as const;
    });
    new Fourier(size).run(re, im);
    for (const [k, [real, imaginary]] of expected.entries()) {
      expect(re[k]).toBeCloseTo(real, 9);
      expect(im[k]).toBeCloseTo(imaginary, 9);
    }
  });
});

describe("log-mel features", () => {
  it("agree with those of a reference written in NumPy from the definition", () => {
    const samples = new Float32Array(8 * RATE);
    const length = 40_000;
    for (let i = 0; i < length; i++) {
      const t = i / RATE;
      const sample = 8_000 * Math.sin(2 * Math.PI * (200 * t + 150 * t * t)) * Math.exp(-t);
      samples[samples.length - length + i] = Math.round(sample) / 32_768;
    }
    normalise(samples);
    const features = logMel(samples);
    expect(features).toHaveLength(MEL_BANDS * 800);
    const points: readonly (readonly [band: number, column: number, value: number])[] = [
      [0, 0, -0.02166],
      [0, 560, 0.53703],
      [5, 553, 1.92131],
      [10, 600, 1.59622],
      [14, 700, 0.8569],
      [20, 650, 0.25595],
      [40, 700, -0.06003],
      [7, 799, 0.30279],
    ];
    for (const [band, column, value] of points) expect(features[band * 800 + column]).toBeCloseTo(value, 4);
    expect(features.reduce((sum, value) => sum + value, 0) / features.length).toBeCloseTo(-0.0087986, 5);
    expect(Math.max(...features)).toBeCloseTo(1.9399682, 5);
  });

  it.each([
    // Slaney's scale puts 80 bands between 0 and 45.245 mel: 1 kHz is 15 mel, 4 kHz is 35.16.
    [250, 3.75],
    [1_000, 15],
    [4_000, 15 + (27 * Math.log(4)) / Math.log(6.4)],
  ])("a tone of %i Hz is loudest in the band at %f mel", (hz, mel) => {
    const features = logMel(sine(hz));
    const column = Array.from({ length: MEL_BANDS }, (_, band) => features[band * 100 + 50]!);
    const expected = mel / (45.245_640_471_924_965 / 81) - 1;
    expect(Math.abs(column.indexOf(Math.max(...column)) - expected)).toBeLessThan(1);
  });

  it("cover 80 dB and no more: two units", () => {
    const features = logMel(sine(440));
    expect(Math.max(...features) - Math.min(...features)).toBeCloseTo(2, 5);
  });

  it("rise by 0.5 when the sound is ten times louder", () => {
    const loud = sine(440);
    const soft = loud.map((sample) => sample / 10);
    const [a, b] = [logMel(loud), logMel(soft)];
    for (let i = 0; i < a.length; i += 37) expect(a[i]! - b[i]!).toBeCloseTo(0.5, 4);
  });

  it("do not depend on the loudness once normalised", () => {
    const loud = sine(440);
    const soft = loud.map((sample) => sample / 10);
    normalise(loud);
    normalise(soft);
    const [a, b] = [logMel(loud), logMel(soft)];
    for (let i = 0; i < a.length; i += 37) expect(a[i]).toBeCloseTo(b[i]!, 3);
  });

  it("take silence and odd lengths", () => {
    const silence = new Float32Array(1_777);
    normalise(silence);
    expect(new Set(logMel(silence))).toEqual(new Set([-1.5]));
    expect(logMel(sine(440, 1_777))).toHaveLength(MEL_BANDS * 11);
  });
});

describe("normalising", () => {
  it("leaves mean 0 and deviation 1", () => {
    const samples = sine(440).map((sample) => sample + 0.2);
    normalise(samples);
    const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    const square = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(square).toBeCloseTo(1, 4);
  });
});
