import { concatPcm } from "../../../realtime/audio/pcm";
import { resampleAll } from "../../../realtime/audio/resample";
import type { TextToSpeech } from "../../../realtime/engine/types";

export interface Spoken {
  readonly text: string;
  /** Default "kal16". */
  readonly voice?: string;
  /** Samples per second of the result. */
  readonly rate: number;
}

/** What a voice makes of a text, at another rate. */
export async function spoken(tts: TextToSpeech, { text, voice = "kal16", rate }: Spoken): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  let sampleRate = rate;
  const { signal } = new AbortController();
  for await (const audio of tts.synthesize({ text, voice, speed: 1, signal })) {
    chunks.push(audio.samples);
    sampleRate = audio.sampleRate;
  }
  return (await resampleAll({ samples: concatPcm(chunks), sampleRate }, rate)).samples;
}

/** White noise of a root mean square of `level`, the same every time. */
export function whiteNoise(length: number, level: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 30 - 1) * level * Math.sqrt(3);
  });
}

/** Root mean square. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2;
  return Math.sqrt(sum / samples.length);
}
