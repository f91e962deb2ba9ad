/** Where a session would notice pauses: the real detector and the real turn machine over a spoken sentence. */
import type { VadFrame, VoiceActivityDetector } from "../../server/realtime/engine/types";
import type { Pcm } from "../../server/realtime/audio/pcm";
import { nextTurn, SILENT } from "../../server/realtime/turns/turn";

/** In ms of audio. */
export interface HeardPause {
  /** Where the last speech frame ended. */
  readonly sinceMs: number;
  /** When the pause was noticed. */
  readonly atMs: number;
  /** When somebody spoke again; Infinity: never. */
  readonly untilMs: number;
}

/** What one frame of the detector lasts. */
export const FRAME_MS = 32;
const CHUNK_MS = 200;
const SETTINGS = { threshold: 0.5, prefixPaddingMs: 300, minSpeechMs: 60, silenceDurationMs: Infinity };

export async function pausesIn(vad: VoiceActivityDetector, audio: Pcm): Promise<HeardPause[]> {
  const frames = await framesOf(vad, audio);
  const pauses: HeardPause[] = [];
  let state = SILENT;
  let startMs = 0;
  for (const { endSample, ...frame } of frames) {
    const endMs = (endSample * 1000) / audio.sampleRate;
    const step = nextTurn(state, { ...frame, type: "frame", startMs, endMs }, SETTINGS);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type === "speech-paused") pauses.push({ ...effect, untilMs: Infinity });
      if (effect.type === "speech-resumed") pauses.push({ ...pauses.pop()!, untilMs: startMs });
    }
    startMs = endMs;
  }
  return pauses;
}

/** Pushed piece by piece, each when the one before was heard: nothing is skipped for being late. */
export async function framesOf(vad: VoiceActivityDetector, { samples, sampleRate }: Pcm): Promise<VadFrame[]> {
  const frames: VadFrame[] = [];
  let heard = (): void => {};
  let fail = (_error: Error): void => {};
  const stream = vad.open({
    sampleRate,
    onFrame: (frame) => {
      frames.push(frame);
      heard();
    },
    onError: (error) => fail(error),
  });
  const frameSamples = (FRAME_MS * sampleRate) / 1000;
  const size = (CHUNK_MS * sampleRate) / 1000;
  for (let at = 0; at < samples.length; at += size) {
    const piece = samples.subarray(at, at + size);
    stream.push(piece);
    const whole = Math.floor((at + piece.length) / frameSamples) * frameSamples;
    await new Promise<void>((resolve, reject) => {
      fail = reject;
      // The last frames may still be in the resampler.
      heard = () => {
        if ((frames.at(-1)?.endSample ?? 0) >= whole - 2 * frameSamples) resolve();
      };
      heard();
    });
  }
  stream.close();
  return frames;
}
