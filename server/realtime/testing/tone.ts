import type { Pcm } from "../audio/pcm";

export interface ToneOptions {
  readonly ms: number;
  /** Samples per second. Default 24000. */
  readonly sampleRate?: number;
  /** Hertz. Default 440. */
  readonly frequency?: number;
  /** 0–1 of full scale; 0 makes silence. Default 0.3. */
  readonly amplitude?: number;
}

/** A sine tone: loud enough for the scripted detector's energy mode to call it speech. */
export function tone({ ms, sampleRate = 24_000, frequency = 440, amplitude = 0.3 }: ToneOptions): Pcm {
  const samples = new Int16Array(Math.round((ms * sampleRate) / 1000));
  const step = (2 * Math.PI * frequency) / sampleRate;
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(Math.sin(i * step) * amplitude * 32_767);
  return { samples, sampleRate };
}
