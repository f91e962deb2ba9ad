/** Audio in and out of files. */
import { readFile, writeFile } from "node:fs/promises";
import { concatPcm, pcmFromBytes, type Pcm } from "../realtime/audio/pcm";
import { resampleAll } from "../realtime/audio/resample";
import { decodeWav, encodeWav } from "../realtime/audio/wav";
import { describe, systemCode } from "../start-error";
import { CliError } from "./errors";

/** The protocol's own rate. */
export const WIRE_RATE = 24_000;

/** Reads a WAV file of any rate, or standard input for `-`, where headerless audio counts as 24 kHz 16-bit mono. */
export async function readAudio(path: string, stdin: AsyncIterable<Buffer | string>): Promise<Pcm> {
  const bytes = path === "-" ? await readAll(stdin) : await readNamed(path);
  const pcm = path === "-" && bytes.toString("latin1", 0, 4) !== "RIFF" ? raw(bytes) : parse(path, bytes);
  if (pcm.samples.length === 0) throw new CliError(`${path === "-" ? "Standard input" : path} holds no audio.`);
  return resampleAll(pcm, WIRE_RATE);
}

/** Writes what was received as one WAV file. */
export async function writeAudio(path: string, chunks: readonly Buffer[]): Promise<void> {
  const samples = concatPcm(chunks.map((chunk) => pcmFromBytes(chunk)));
  try {
    await writeFile(path, encodeWav({ samples, sampleRate: WIRE_RATE }));
  } catch (cause) {
    throw new CliError(`Cannot write ${path} (${systemCode(cause) ?? describe(cause)}).`, { cause });
  }
}

function raw(bytes: Buffer): Pcm {
  return { samples: pcmFromBytes(bytes), sampleRate: WIRE_RATE };
}

function parse(path: string, bytes: Buffer): Pcm {
  try {
    return decodeWav(bytes);
  } catch (cause) {
    throw new CliError(`${path}: ${describe(cause)}`, { cause });
  }
}

async function readNamed(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CliError(`Cannot read ${path} (${systemCode(cause) ?? describe(cause)}).`, { cause });
  }
}

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
