import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { decodeWav } from "../../realtime/audio/wav";
import { pcmToBytes } from "../../realtime/audio/pcm";
import { AudioTrack } from "./audio-track";
import { BLOCK_BYTES } from "./blocks";
import { HEADER_BYTES, WavFile } from "./wav-file";
import { repairWav } from "./wav-repair";

const RATE = 8_000;
const folder = (): string => mkdtempSync(join(tmpdir(), "antiphon-wav-"));
/** Samples that tell their place, one after another. */
const counting = (from: number, count: number): Int16Array => Int16Array.from({ length: count }, (_, i) => from + i);
const soundOf = (path: string): Int16Array => decodeWav(readFileSync(path)).samples;

describe("a WAV file", () => {
  it("has every sample in its place, however they come, and whosever the memory was before", async () => {
    for (const chunk of [1_000, 7, 33_000]) {
      const file = new WavFile(join(folder(), "a.wav"), RATE);
      const all = counting(-32_768, 65_536);
      for (let from = 0; from < all.length; from += chunk)
        file.add((from / RATE) * 1000, pcmToBytes(all.slice(from, from + chunk)));
      expect(await file.close()).toEqual({ bytes: HEADER_BYTES + all.length * 2 });
      expect(soundOf(file.path)).toEqual(all);
      expect([file.peaks[0], file.peaks.at(-1), file.durationMs]).toEqual([100, 100, 8_192]);
    }
  });

  it("does not write what is silent for long, and reads as silence there", async () => {
    const file = new WavFile(join(folder(), "a.wav"), RATE);
    const said = counting(1, 160);
    file.add(0, pcmToBytes(said));
    file.add(600_000, pcmToBytes(said));
    expect(file.waiting).toBeLessThan(2 * BLOCK_BYTES);
    const done = await file.close();
    expect(done).toEqual({ bytes: HEADER_BYTES + (600_000 * 8 + 160) * 2 });
    const samples = soundOf(file.path);
    expect([samples.subarray(0, 160), samples.subarray(-160)]).toEqual([said, said]);
    expect(samples.subarray(160, -160).every((sample) => sample === 0)).toBe(true);
    expect(file.peaks.filter((peak) => peak > 0)).toEqual([]);
  });

  it("keeps the loudness of what surrounds a silence where it was", async () => {
    const file = new WavFile(join(folder(), "a.wav"), RATE);
    const loud = pcmToBytes(new Int16Array(160).fill(16_384));
    file.add(0, loud);
    file.add(19_980, loud);
    await file.close();
    const heard = file.peaks.flatMap((peak, i) => (peak > 0 ? [[i, peak]] : []));
    expect([file.peaks.length, heard]).toEqual([
      1_000,
      [
        [0, 50],
        [999, 50],
      ],
    ]);
  });

  it("has on disk what filled a block, so that only the last one is lost when its writer is killed", async () => {
    const file = new WavFile(join(folder(), "a.wav"), RATE);
    const all = counting(0, BLOCK_BYTES);
    file.add(0, pcmToBytes(all));
    await vi.waitFor(() => expect(file.waiting).toBe(0));
    const repaired = await repairWav(file.path);
    expect(repaired).toMatchObject({ sampleRate: RATE, bytes: 2 * BLOCK_BYTES });
    expect(soundOf(file.path)).toEqual(all.subarray(0, BLOCK_BYTES - HEADER_BYTES / 2));
    await file.close();
  });

  it("says what the disk did not do", async () => {
    const file = new WavFile(join(folder(), "none", "a.wav"), RATE);
    file.add(0, Buffer.alloc(3 * BLOCK_BYTES));
    await expect(file.close()).rejects.toMatchObject({ code: "ENOENT" });
    expect(file.waiting).toBe(0);
  });
});

it("is not said to be recorded when one side could not be written, and the other one is complete", async () => {
  const place = folder();
  const taken = new WavFile(join(place, "s-output.wav"), RATE);
  await taken.close();
  const track = new AudioTrack({ folder: place, name: "s" });
  const audio = pcmToBytes(counting(1, 480));
  track.observe({ type: "input-audio", at: 20, audio, format: "audio/pcm", sampleRate: 24_000 });
  track.observe({ type: "output-audio", at: 20, responseId: "r", itemId: "i", audio });
  await expect(track.close()).rejects.toMatchObject({ code: "EEXIST" });
  expect(soundOf(join(place, "s-input.wav"))).toEqual(counting(1, 480));
});
