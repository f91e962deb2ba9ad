/**
 * A WAV file that grows while somebody speaks: samples have their place in time, what lies between is silence. They gather
 * in one block, which is written when it is full; blocks lie in the file as they lie in memory, the first with the header.
 */
import { type FileHandle, open } from "node:fs/promises";
import { JITTER_MS } from "../speech-clock";
import { type Block, BLOCK_BYTES, returnBlock, takeBlock } from "./blocks";
import { Peaks } from "./peaks";

export const HEADER_BYTES = 44;

export class WavFile {
  private block: Block | undefined;
  /** Where the block begins in the file. */
  private blockAt = 0;
  /** Where the file ends, and what of the block is filled thereby. */
  private end = HEADER_BYTES;
  private waitingBytes = 0;
  private problem: unknown;
  private tail: Promise<void>;
  private file: FileHandle | undefined;
  private readonly shape: Peaks;

  constructor(
    readonly path: string,
    readonly sampleRate: number,
  ) {
    this.shape = new Peaks(sampleRate);
    this.tail = open(path, "wx", 0o600).then(
      (file) => void (this.file = file),
      (error: unknown) => void (this.problem = error),
    );
  }

  get durationMs(): number {
    return ((this.end - HEADER_BYTES) / 2 / this.sampleRate) * 1000;
  }

  /** Of what was written, or tried to be: complete when the file is. */
  get peaks(): number[] {
    return this.shape.values;
  }

  /** Bytes that wait to be written. */
  get waiting(): number {
    return this.waitingBytes;
  }

  /** 16-bit samples that were spoken from `startMs` on. They are copied. */
  add(startMs: number, samples: Buffer): void {
    const behindMs = startMs - this.durationMs;
    if (behindMs > JITTER_MS) this.silence(Math.round((behindMs / 1000) * this.sampleRate) * 2);
    for (let from = 0; from < samples.length;) {
      const { bytes } = this.current();
      from += this.filled(samples.copy(bytes, this.end - this.blockAt, from));
    }
  }

  /** Completes the file. Undefined: there is nothing in it. Throws for what the disk did not do, now or before. */
  async close(): Promise<{ readonly bytes: number } | undefined> {
    this.flush();
    await this.tail;
    const { file, end } = this;
    try {
      if (this.problem === undefined && end > HEADER_BYTES)
        await file?.write(wavHeader(this.sampleRate, end - HEADER_BYTES), 0, HEADER_BYTES, 0);
    } finally {
      await file?.close();
    }
    if (this.problem !== undefined) throw this.problem;
    return end === HEADER_BYTES ? undefined : { bytes: end };
  }

  private silence(bytes: number): void {
    let left = bytes;
    while (left > 0) {
      // Whole blocks of it are left out: what was never written reads as zeros.
      if (this.block === undefined && this.blockAt > 0 && left >= BLOCK_BYTES) {
        const skipped = left - (left % BLOCK_BYTES);
        this.shape.silence(skipped / 2);
        this.blockAt += skipped;
        this.end += skipped;
        left -= skipped;
        continue;
      }
      const { bytes: memory } = this.current();
      const at = this.end - this.blockAt;
      const filling = Math.min(left, BLOCK_BYTES - at);
      memory.fill(0, at, at + filling);
      left -= this.filled(filling);
    }
  }

  private current(): Block {
    if (this.block === undefined) {
      this.block = takeBlock();
      if (this.blockAt === 0) wavHeader(this.sampleRate, 0).copy(this.block.bytes);
    }
    return this.block;
  }

  private filled(bytes: number): number {
    this.end += bytes;
    if (this.end - this.blockAt === BLOCK_BYTES) this.flush();
    return bytes;
  }

  private flush(): void {
    const { block, blockAt } = this;
    if (block === undefined) return;
    const length = this.end - blockAt;
    this.shape.add(block.samples.subarray(blockAt === 0 ? HEADER_BYTES / 2 : 0, length / 2));
    this.block = undefined;
    this.blockAt += BLOCK_BYTES;
    this.waitingBytes += length;
    this.tail = this.tail.then(async () => {
      try {
        if (this.problem === undefined) await this.write(block.bytes, length, blockAt);
      } catch (error) {
        this.problem = error;
      }
      this.waitingBytes -= length;
      returnBlock(block);
    });
  }

  /** A disk that is almost full takes a part, and names its problem the next time. */
  private async write(bytes: Buffer, length: number, at: number): Promise<void> {
    for (let done = 0; done < length;)
      done += (await this.file?.write(bytes, done, length - done, at + done))?.bytesWritten ?? length;
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
