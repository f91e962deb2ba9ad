import { afterAll, beforeAll, expect, it } from "vitest";
import type { TextToSpeech, VoiceActivityDetector } from "../../server/realtime/engine/types";
import { createFlite, createSilero } from "../../server/providers/local";
import { framesOf } from "../turns/listen";
import { makeNoise, mix, type Noise } from "./noise";
import { score, total } from "./score";
import { makeTrack, type Track } from "./track";

const RATE = 24_000;

let flite: TextToSpeech;
let silero: VoiceActivityDetector;
let tracks: Track[];
beforeAll(async () => {
  [flite, silero] = await Promise.all([createFlite(), createSilero({ preload: true })]);
  const options = { seconds: 14, sampleRate: RATE };
  tracks = [
    await makeTrack(flite, { voice: "awb", seed: 2, ...options }),
    await makeTrack(flite, { voice: "slt", seed: 9, ...options }),
  ];
}, 120_000);
afterAll(() => Promise.all([flite.close?.(), silero.close?.()]));

// A small piece of `npm run bench -- hearing`, so that the detector does not become worse unseen.
it.each<[Noise, number, { recall: number; onsetMs: number; endMs: number }]>([
  ["white", 40, { recall: 0.98, onsetMs: 80, endMs: 40 }],
  ["white", 10, { recall: 0.95, onsetMs: 100, endMs: 64 }],
  ["hum", 5, { recall: 0.92, onsetMs: 140, endMs: 64 }],
])("hears speech in %s noise at %i dB, and no speech where there is none", async (noise, snrDb, least) => {
  const background = await makeNoise(noise, flite, { seconds: 5, sampleRate: RATE });
  const scores = await Promise.all(
    tracks.map(async (track) => {
      const samples = mix(track.samples, background, snrDb);
      return score(track, await framesOf(silero, { samples, sampleRate: RATE }));
    }),
  );
  const { spoken, heard, silent, imagined, onsetsMs, endsMs, utterances } = total(scores);
  expect(heard / spoken).toBeGreaterThan(least.recall);
  expect(imagined / silent).toBeLessThan(0.005);
  expect(onsetsMs.length).toBe(utterances);
  expect(median(onsetsMs)).toBeLessThan(least.onsetMs);
  expect(Math.abs(median(endsMs))).toBeLessThan(least.endMs);
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
