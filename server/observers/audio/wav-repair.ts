/** A WAV file whose writer ended in the middle of it: what it has is kept, and its header tells how much that is. */
import { type FileHandle, open } from "node:fs/promises";
import { pcmFromBytes } from "../../realtime/audio/pcm";
import { Peaks } from "./peaks";
import { HEADER_BYTES, wavHeader } from "./wav-file";

export interface RepairedWav {
  readonly sampleRate: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly peaks: readonly number[];
}

const PIECE_BYTES = 1024 * 1024;

/** Undefined: there is no such file, or no sound in it. Throws for what the disk does not do. */
export async function repairWav(path: string): Promise<RepairedWav | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const sampleRate = await rateOf(file);
    // Half a sample is none.
    const dataBytes = ((await file.stat()).size - HEADER_BYTES) & ~1;
    if (sampleRate === undefined || dataBytes <= 0) return undefined;
    await file.truncate(HEADER_BYTES + dataBytes);
    await file.write(wavHeader(sampleRate, dataBytes), 0, HEADER_BYTES, 0);
    const peaks = await peaksOf(file, { sampleRate, dataBytes });
    return { sampleRate, bytes: HEADER_BYTES + dataBytes, durationMs: (dataBytes / 2 / sampleRate) * 1000, peaks };
  } finally {
    await file.close();
  }
}

async function rateOf(file: FileHandle): Promise<number | undefined> {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  const rate = header.readUInt32LE(24);
  // Only `WavFile` writes them: all else is as it has it.
  return bytesRead === HEADER_BYTES && header.toString("latin1", 0, 4) === "RIFF" && rate > 0 ? rate : undefined;
}

async function peaksOf(file: FileHandle, of: { sampleRate: number; dataBytes: number }): Promise<number[]> {
  const peaks = new Peaks(of.sampleRate);
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, of.dataBytes));
  for (let at = 0; at < of.dataBytes;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, of.dataBytes - at), HEADER_BYTES + at);
    if (bytesRead < 2) break;
    at += bytesRead & ~1;
    peaks.add(pcmFromBytes(Buffer.from(piece.subarray(0, bytesRead & ~1))));
  }
  return peaks.values;
}
