/** A WAV file that grows while somebody speaks: samples have their place in time, what lies between is silence. */
import { type FileHandle, open } from "node:fs/promises";
import { pcmToBytes } from "../../realtime/audio/pcm";
import { JITTER_MS } from "../speech-clock";
import { Peaks } from "./peaks";

export const HEADER_BYTES = 44;
const PIECE_BYTES = 64 * 1024;

export class WavFile {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private samples = 0;
  private written = 0;
  private failed = false;
  private tail: Promise<void>;
  private file: FileHandle | undefined;
  private readonly shape: Peaks;

  constructor(
    readonly path: string,
    readonly sampleRate: number,
  ) {
    this.shape = new Peaks(sampleRate);
    this.tail = open(path, "wx", 0o600).then(
      async (file) => {
        this.file = file;
        await file.write(wavHeader(sampleRate, 0), 0, HEADER_BYTES, 0);
      },
      () => void (this.failed = true),
    );
  }

  get durationMs(): number {
    return (this.samples / this.sampleRate) * 1000;
  }

  get peaks(): number[] {
    return this.shape.values;
  }

  /** Bytes that wait to be written. */
  get waiting(): number {
    return this.pendingBytes;
  }

  /** Samples that were spoken from `startMs` on. */
  add(startMs: number, samples: Int16Array): void {
    const behindMs = startMs - this.durationMs;
    if (behindMs > JITTER_MS) this.push(new Int16Array(Math.round((behindMs / 1000) * this.sampleRate)));
    this.push(samples);
  }

  /** Completes the file. Undefined: it could not be written, or there is nothing in it. */
  async close(): Promise<{ readonly bytes: number } | undefined> {
    this.flush();
    await this.tail;
    const { file, written } = this;
    if (file === undefined) return undefined;
    try {
      await file.write(wavHeader(this.sampleRate, written), 0, HEADER_BYTES, 0);
    } catch {
      this.failed = true;
    }
    await file.close().catch(() => undefined);
    return this.failed || written === 0 ? undefined : { bytes: HEADER_BYTES + written };
  }

  private push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.samples += samples.length;
    this.shape.add(samples);
    const bytes = pcmToBytes(samples);
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= PIECE_BYTES) this.flush();
  }

  private flush(): void {
    const piece = Buffer.concat(this.pending);
    this.pending = [];
    if (piece.length === 0) return;
    this.tail = this.tail.then(async () => {
      this.pendingBytes -= piece.length;
      if (this.failed || this.file === undefined) return;
      try {
        await this.file.write(piece, 0, piece.length, HEADER_BYTES + this.written);
        this.written += piece.length;
      } catch {
        this.failed = true;
      }
    });
  }
}

export function wavHeader(sampleRate: number, dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}
