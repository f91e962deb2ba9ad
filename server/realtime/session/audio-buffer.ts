/**
 * What was appended and not committed yet. Positions are milliseconds of audio written since the session began: they
 * only grow, whatever the format, however long the client pauses.
 */
import { bytesOf, msOf, type WireFormat } from "../audio/formats";
import { AudioClip } from "./clip";

/**
 * Audio of one format in one piece of memory. A piece for each chunk would keep the garbage collector busy: a thousand
 * clients bring 50,000 chunks a second, each of which lives for seconds.
 */
interface Block {
  readonly format: WireFormat;
  readonly bytes: Buffer;
  /** What of it is kept, in bytes. */
  start: number;
  end: number;
  /** Where `start` lies. */
  startMs: number;
  /** Clips have parts of it: what is written stays. */
  lent: boolean;
}

const BLOCK_MS = 500;
/** Blocks kept for what comes next: as many as a session drops at a time. */
const MOST_SPARES = 4;

export class InputAudioBuffer {
  /** Only the last one may be empty. */
  private blocks: Block[] = [];
  private readonly spares: Block[] = [];
  private format: WireFormat | undefined;
  /** Where the present format began, and the bytes written in it: kept apart so that rounding never adds up. */
  private formatStartMs = 0;
  private formatBytes = 0;
  byteLength = 0;

  /** Where the next byte will lie. */
  get writtenMs(): number {
    return this.format === undefined ? 0 : this.formatStartMs + msOf(this.format, this.formatBytes);
  }

  /** Where the first kept byte lies. */
  get startMs(): number {
    return this.byteLength === 0 ? this.writtenMs : this.blocks[0]!.startMs;
  }

  get durationMs(): number {
    return this.writtenMs - this.startMs;
  }

  /** Copies the bytes: whole samples. */
  append(format: WireFormat, bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.format !== format) {
      this.formatStartMs = this.writtenMs;
      this.formatBytes = 0;
      this.format = format;
    }
    for (let at = 0; at < bytes.length;) {
      const block = this.roomFor(format);
      const copied = bytes.copy(block.bytes, block.end, at);
      at += copied;
      block.end += copied;
      this.formatBytes += copied;
      this.byteLength += copied;
    }
  }

  /** Takes out everything up to `toMs` (default: all). Audio before `fromMs` is dropped. */
  take(range: { fromMs?: number; toMs?: number } = {}): AudioClip {
    if (range.fromMs !== undefined) this.dropBefore(range.fromMs);
    const clip = this.peek(range.toMs ?? Infinity);
    this.dropBefore(range.toMs ?? Infinity);
    return clip;
  }

  /** What lies before `toMs`, without taking it out. */
  peek(toMs: number): AudioClip {
    const clip = new AudioClip();
    for (const block of this.blocks) {
      if (block.startMs >= toMs) break;
      clip.push(block.format, block.bytes.subarray(block.start, endOf(block, toMs)));
      block.lent = true;
    }
    return clip;
  }

  dropBefore(ms: number): void {
    let whole = 0;
    for (const block of this.blocks) {
      if (block.startMs >= ms) break;
      const end = endOf(block, ms);
      this.byteLength -= end - block.start;
      block.startMs += msOf(block.format, end - block.start);
      block.start = end;
      if (block.start < block.end) break;
      whole += 1;
    }
    // The last one goes on being written to.
    for (const block of this.blocks.splice(0, Math.min(whole, this.blocks.length - 1))) this.release(block);
  }

  clear(): void {
    this.dropBefore(Infinity);
  }

  private roomFor(format: WireFormat): Block {
    const last = this.blocks.at(-1);
    if (last?.format === format && last.end < last.bytes.length) return last;
    if (last !== undefined && last.start === last.end) this.release(this.blocks.pop()!);
    const block = this.emptyBlock(format);
    this.blocks.push(block);
    return block;
  }

  private emptyBlock(format: WireFormat): Block {
    const startMs = this.writtenMs;
    if (this.spares[0]?.format !== format) this.spares.length = 0;
    const bytes = this.spares.pop()?.bytes ?? Buffer.allocUnsafeSlow(bytesOf(format, BLOCK_MS));
    return { format, bytes, start: 0, end: 0, startMs, lent: false };
  }

  private release(block: Block): void {
    if (!block.lent && this.spares.length < MOST_SPARES) this.spares.push(block);
  }
}

/** Where in the block `ms` lies, or what is written ends. */
function endOf({ format, start, end, startMs }: Block, ms: number): number {
  return ms === Infinity ? end : Math.min(end, start + bytesOf(format, ms - startMs));
}
