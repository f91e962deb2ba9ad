/** A stretch of audio as it came over the wire: compact bytes, cut and joined without being decoded. */
import { bytesOf, msOf, type WireFormat } from "../audio/formats";
import { concatPcm, type Pcm } from "../audio/pcm";
import { resampleAll } from "../audio/resample";

interface Run {
  readonly format: WireFormat;
  readonly bytes: Buffer;
}

export class AudioClip {
  private runs: Run[] = [];
  byteLength = 0;
  durationMs = 0;

  push(format: WireFormat, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.runs.push({ format, bytes });
    this.byteLength += bytes.length;
    this.durationMs += msOf(format, bytes.length);
  }

  /** Keeps the first `ms`; the rest is gone. */
  cut(ms: number): void {
    const kept = new AudioClip();
    for (const run of this.runs) {
      const wanted = bytesOf(run.format, Math.max(0, ms - kept.durationMs));
      kept.push(run.format, run.bytes.subarray(0, wanted));
      if (wanted < run.bytes.length) break;
    }
    this.runs = kept.runs;
    this.byteLength = kept.byteLength;
    this.durationMs = kept.durationMs;
  }

  /** The last `ms` of it. */
  tail(ms: number): AudioClip {
    const kept: Run[] = [];
    let wantedMs = ms;
    for (const run of this.runs.toReversed()) {
      if (wantedMs <= 0) break;
      const bytes = run.bytes.subarray(Math.max(0, run.bytes.length - bytesOf(run.format, wantedMs)));
      kept.unshift({ format: run.format, bytes });
      wantedMs -= msOf(run.format, bytes.length);
    }
    const clip = new AudioClip();
    for (const run of kept) clip.push(run.format, run.bytes);
    return clip;
  }

  /** Samples for a recogniser, at the rate of the last format in it. */
  async toPcm(): Promise<Pcm> {
    const sampleRate = this.format?.sampleRate ?? 24_000;
    const parts: Int16Array[] = [];
    for (const { format, pieces } of this.grouped()) {
      const samples = pieces.map((bytes) => format.decode(bytes));
      if (format.sampleRate === sampleRate) parts.push(...samples);
      else
        parts.push(
          (await resampleAll({ samples: concatPcm(samples), sampleRate: format.sampleRate }, sampleRate)).samples,
        );
    }
    return { samples: concatPcm(parts), sampleRate };
  }

  /** Base64 for `conversation.item.retrieved`, all of it in the last format used. */
  async toBase64(): Promise<string> {
    const [first, ...more] = this.grouped();
    if (first === undefined) return "";
    if (more.length === 0) return Buffer.concat(first.pieces).toString("base64");
    const format = this.format ?? first.format;
    return format.encode((await this.toPcm()).samples).toString("base64");
  }

  private get format(): WireFormat | undefined {
    return this.runs.at(-1)?.format;
  }

  /** Neighbours of one format joined, so that a session that never changes format has exactly one. */
  private grouped(): { readonly format: WireFormat; readonly pieces: Buffer[] }[] {
    const groups: { format: WireFormat; pieces: Buffer[] }[] = [];
    for (const { format, bytes } of this.runs) {
      const last = groups.at(-1);
      if (last?.format === format) last.pieces.push(bytes);
      else groups.push({ format, pieces: [bytes] });
    }
    return groups;
  }
}
