import { wireFormat } from "../audio/formats";
import { pcmFromBytes } from "../audio/pcm";
import { Bell } from "../engine/bell";

/** The one format of translation sessions, both ways. */
export const WIRE = wireFormat({ type: "audio/pcm", rate: 24_000 });
/** Audio is taken in in frames of this length, and all times are told in multiples of it. */
export const FRAME_MS = 200;
const FRAME_BYTES = FRAME_MS * WIRE.bytesPerMs;

/** Appended bytes, however they were cut, as frames. What was not taken yet is all that is kept. */
export class FrameQueue {
  private chunks: Buffer[] = [];
  private ended = false;
  private readonly changed = new Bell();
  byteLength = 0;

  push(bytes: Buffer): void {
    if (this.ended || bytes.length === 0) return;
    this.chunks.push(bytes);
    this.byteLength += bytes.length;
    if (this.byteLength >= FRAME_BYTES) this.changed.ring();
  }

  /** No more audio comes; what is left is one last, shorter frame. */
  end(): void {
    this.ended = true;
    this.changed.ring();
  }

  stop(): void {
    this.chunks = [];
    this.byteLength = 0;
    this.end();
  }

  /** The next frame, as soon as there is one; undefined after the last. */
  async next(): Promise<Int16Array | undefined> {
    while (this.byteLength < FRAME_BYTES && !this.ended) await this.changed.wait();
    return this.byteLength === 0 ? undefined : pcmFromBytes(this.take(Math.min(FRAME_BYTES, this.byteLength)));
  }

  private take(size: number): Buffer {
    const parts: Buffer[] = [];
    for (let missing = size; missing > 0;) {
      const [first] = this.chunks;
      if (first === undefined) break;
      const part = first.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      if (part.length === first.length) this.chunks.shift();
      else this.chunks[0] = first.subarray(part.length);
    }
    this.byteLength -= size;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}
