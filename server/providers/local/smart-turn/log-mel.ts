/**
 * The picture of a sound that Whisper and its children look at: 80 mel bands (Slaney's scale, up to 8 kHz) every 10 ms of
 * 16 kHz audio, as log10 of the power, cut off 80 dB below the loudest and scaled to about −1 to 1.
 */
import { Fourier } from "./fourier";

export const MEL_RATE = 16_000;
export const MEL_BANDS = 80;
const WINDOW = 400;
export const MEL_HOP = 160;
const BINS = WINDOW / 2 + 1;
const LEAST_POWER = 1e-10;
/** In log10 of power: 80 dB. */
const RANGE = 8;
/** Keeps the deviation of silence from being nothing. */
const LEAST_VARIANCE = 1e-7;

/** Brings samples to mean 0 and deviation 1, in place. */
export function normalise(samples: Float32Array): void {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = samples.length === 0 ? 0 : sum / samples.length;
  let square = 0;
  for (const sample of samples) square += (sample - mean) ** 2;
  const deviation = Math.sqrt(square / samples.length + LEAST_VARIANCE);
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i]! - mean) / deviation;
}

/**
 * Band by band, each with one value for every 10 ms: 80 × (samples / 160) numbers. Frames are centred on their moment; at
 * both ends the sound is mirrored. At least 201 samples.
 */
export function logMel(samples: Float32Array): Float32Array<ArrayBuffer> {
  const frames = Math.floor(samples.length / MEL_HOP);
  const picture = new Float32Array(MEL_BANDS * frames);
  const even = new Float64Array(WINDOW);
  const odd = new Float64Array(WINDOW);
  const power = new Float64Array(BINS);
  let top = -Infinity;
  // Two real frames fit into one complex transform.
  for (let frame = 0; frame < frames; frame += 2) {
    window(samples, frame, even);
    window(samples, frame + 1, odd);
    fourier.run(even, odd);
    for (const [offset, sign] of SIDES) {
      if (frame + offset >= frames) continue;
      powerOf({ re: even, im: odd, sign }, power);
      for (const [band, filter] of FILTERS.entries()) {
        const level = Math.log10(Math.max(LEAST_POWER, through(filter, power)));
        picture[band * frames + frame + offset] = level;
        if (level > top) top = level;
      }
    }
  }
  for (let i = 0; i < picture.length; i++) picture[i] = (Math.max(picture[i]!, top - RANGE) + 4) / 4;
  return picture;
}

const fourier = new Fourier(WINDOW);
const HANN = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
/** Which of the two frames, and how its spectrum is found among that of both. */
const SIDES = [
  [0, 1],
  [1, -1],
] as const;

function window(samples: Float32Array, frame: number, target: Float64Array): void {
  const last = samples.length - 1;
  const start = frame * MEL_HOP - WINDOW / 2;
  for (let i = 0; i < WINDOW; i++) {
    const at = Math.abs(start + i);
    target[i] = samples[at > last ? 2 * last - at : at]! * HANN[i]!;
  }
}

interface TwoSpectra {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** 1 for the signal that went in as the real part, −1 for the other. */
  readonly sign: 1 | -1;
}

/** Takes apart two real signals that went through one transform. */
function powerOf({ re, im, sign }: TwoSpectra, target: Float64Array): void {
  for (let bin = 0; bin < BINS; bin++) {
    const mirror = bin === 0 ? 0 : WINDOW - bin;
    const a = re[bin]! + sign * re[mirror]!;
    const b = im[bin]! - sign * im[mirror]!;
    target[bin] = (a * a + b * b) / 4;
  }
}

function through({ from, weights }: Filter, power: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[from + i]!;
  return sum;
}

interface Filter {
  /** The first bin with a weight. */
  readonly from: number;
  readonly weights: Float64Array;
}

const FILTERS = melFilters();

/** Triangles of equal area, evenly spaced on the mel scale. */
function melFilters(): readonly Filter[] {
  const highest = melOf(MEL_RATE / 2);
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, i) => hertzOf((highest * i) / (MEL_BANDS + 1)));
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, middle, high] = edges.slice(band, band + 3) as [number, number, number];
    const all = Float64Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * MEL_RATE) / WINDOW;
      const rise = (hertz - low) / (middle - low);
      const fall = (high - hertz) / (high - middle);
      return (Math.max(0, Math.min(rise, fall)) * 2) / (high - low);
    });
    const from = all.findIndex((weight) => weight > 0);
    return { from, weights: all.slice(from, all.findLastIndex((weight) => weight > 0) + 1) };
  });
}

/** Slaney's scale: straight up to 1 kHz, then 27 steps for each factor of 6.4. */
function melOf(hertz: number): number {
  return hertz < 1_000 ? (hertz * 3) / 200 : 15 + (27 * Math.log(hertz / 1_000)) / Math.log(6.4);
}

function hertzOf(mel: number): number {
  return mel < 15 ? (mel * 200) / 3 : 1_000 * 6.4 ** ((mel - 15) / 27);
}
