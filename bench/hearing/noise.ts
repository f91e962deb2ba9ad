/** Backgrounds to speak against. */
import type { TextToSpeech } from "../../server/realtime/engine/types";
import { clip, makeTrack, meanSquare, randomFrom, SPEECH_LEVEL, VOICES } from "./track";

export const NOISES = ["white", "babble", "hum"] as const;
export type Noise = (typeof NOISES)[number];

export interface NoiseOptions {
  readonly seconds: number;
  readonly sampleRate: number;
}

const TALKERS = 64;

/** Of a root mean square of 1. */
export async function makeNoise(kind: Noise, tts: TextToSpeech, options: NoiseOptions): Promise<Float64Array> {
  const noise = await raw(kind, tts, options);
  const level = Math.sqrt(meanSquare(noise));
  return noise.map((sample) => sample / level);
}

/** Speech of `SPEECH_LEVEL` in noise, so many dB below it. */
export function mix(speech: Int16Array, noise: Float64Array, snrDb: number): Int16Array {
  const level = SPEECH_LEVEL * 10 ** (-snrDb / 20);
  return speech.map((sample, index) => clip(sample + noise[index % noise.length]! * level));
}

async function raw(kind: Noise, tts: TextToSpeech, { seconds, sampleRate }: NoiseOptions): Promise<Float64Array> {
  const length = seconds * sampleRate;
  switch (kind) {
    case "white": {
      const random = randomFrom(7);
      return Float64Array.from({ length }, () => random() + random() + random() - 1.5);
    }
    case "hum":
      // Mains of 50 Hz with falling harmonics, and a little hiss.
      return hum(length, sampleRate);
    case "babble":
      return babble(tts, length, sampleRate);
    default:
      return kind satisfies never;
  }
}

function hum(length: number, sampleRate: number): Float64Array {
  const random = randomFrom(8);
  return Float64Array.from({ length }, (_, index) => {
    let value = 0.1 * (random() - 0.5);
    for (let harmonic = 1; harmonic <= 8; harmonic++) {
      value += Math.sin((2 * Math.PI * 50 * harmonic * index) / sampleRate + harmonic) / harmonic;
    }
    return value;
  });
}

/** All at once and without pauses: a crowd of which no word can be made out. */
async function babble(tts: TextToSpeech, length: number, sampleRate: number): Promise<Float64Array> {
  const sum = new Float64Array(length);
  for (const [index, voice] of Array.from(
    { length: TALKERS },
    (_, talker) => VOICES[talker % VOICES.length]!,
  ).entries()) {
    const seconds = length / sampleRate + 2;
    const { samples } = await makeTrack(tts, { voice, seconds, seed: 3 * index + 1, sampleRate, share: 1 });
    for (let at = 0; at < length; at++) sum[at]! += samples[((at + index * 12_345) % length) + sampleRate]!;
  }
  return sum;
}
