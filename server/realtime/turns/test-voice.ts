/** For tests: a voice that hums. */
import type { Pcm } from "../audio/pcm";

export interface Hum {
  readonly ms: number;
  /** Pitch at the start and the end, in Hz; it glides in between. */
  readonly from: number;
  readonly to: number;
  /** Loudness at the end against the start, 0–1. Default 1. */
  readonly fade?: number;
}

/** One hum after the other, 80 ms of near silence between them, then silence. */
export function hum(hums: readonly Hum[], { rate = 16_000, silenceMs = 150 } = {}): Pcm {
  const samples: number[] = [];
  const rest = (ms: number): void => {
    for (let i = 0; i < (ms * rate) / 1000; i++) samples.push(((i * 7919) % 13) - 6);
  };
  rest(100);
  for (const { ms, from, to, fade = 1 } of hums) {
    const length = (ms * rate) / 1000;
    let phase = 0;
    for (let i = 0; i < length; i++) {
      const share = i / length;
      phase += (2 * Math.PI * from * (to / from) ** share) / rate;
      const wave = Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase) + 0.2 * Math.sin(5 * phase);
      samples.push(Math.round(5_000 * fade ** share * wave));
    }
    rest(80);
  }
  rest(silenceMs);
  return { samples: Int16Array.from(samples), sampleRate: rate };
}
