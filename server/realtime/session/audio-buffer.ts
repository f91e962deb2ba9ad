/**
 * What was appended and not committed yet. Positions are milliseconds of audio written since the session began: they
 * only grow, whatever the format, however long the client pauses.
 */
import { bytesOf, msOf, type WireFormat } from "../audio/formats";
import { AudioClip } from "./clip";

interface Chunk {
  readonly format: WireFormat;
  readonly bytes: Buffer;
  readonly startMs: number;
}

export class InputAudioBuffer {
  private chunks: Chunk[] = [];
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
    return this.chunks[0]?.startMs ?? this.writtenMs;
  }

  get durationMs(): number {
    return this.writtenMs - this.startMs;
  }

  append(format: WireFormat, bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.format !== format) {
      this.formatStartMs = this.writtenMs;
      this.formatBytes = 0;
      this.format = format;
    }
    this.chunks.push({ format, bytes, startMs: this.writtenMs });
    this.formatBytes += bytes.length;
    this.byteLength += bytes.length;
  }

  /** Takes out everything up to `toMs` (default: all). Audio before `fromMs` is dropped. */
  take(range: { fromMs?: number; toMs?: number } = {}): AudioClip {
    if (range.fromMs !== undefined) this.dropBefore(range.fromMs);
    const clip = new AudioClip();
    this.split(range.toMs ?? Infinity, (chunk) => clip.push(chunk.format, chunk.bytes));
    return clip;
  }

  /** What lies before `toMs`, without taking it out. */
  peek(toMs: number): AudioClip {
    const clip = new AudioClip();
    for (const chunk of this.chunks) {
      if (chunk.startMs >= toMs) break;
      clip.push(chunk.format, chunk.bytes.subarray(0, bytesOf(chunk.format, toMs - chunk.startMs)));
    }
    return clip;
  }

  dropBefore(ms: number): void {
    if (ms > this.startMs) this.split(ms, () => undefined);
  }

  clear(): void {
    this.chunks = [];
    this.byteLength = 0;
  }

  /** Removes what lies before `ms`, handing each piece over, and keeps the rest. */
  private split(ms: number, take: (chunk: Chunk) => void): void {
    let whole = 0;
    for (const chunk of this.chunks) {
      if (chunk.startMs + msOf(chunk.format, chunk.bytes.length) > ms) break;
      whole += 1;
      this.byteLength -= chunk.bytes.length;
      take(chunk);
    }
    if (whole > 0) this.chunks.splice(0, whole);
    const first = this.chunks[0];
    if (first === undefined || first.startMs >= ms) return;
    const at = Math.min(first.bytes.length, bytesOf(first.format, ms - first.startMs));
    this.byteLength -= at;
    take({ ...first, bytes: first.bytes.subarray(0, at) });
    const rest = first.bytes.subarray(at);
    if (rest.length === 0) this.chunks.shift();
    else this.chunks[0] = { ...first, bytes: rest, startMs: first.startMs + msOf(first.format, at) };
  }
}
