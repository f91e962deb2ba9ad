import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from "./g711";
import { concatPcm, pcmFromBytes, pcmToBytes, type Pcm } from "./pcm";
import { createResampler, type Resampler } from "./resample";

/** The protocol's names of its audio formats. */
export type WireFormatType = "audio/pcm" | "audio/pcmu" | "audio/pcma";

/** Rates that PCM may have on the wire, in samples per second. */
export type WirePcmRate = 8_000 | 16_000 | 24_000 | 48_000;

/** A format as the protocol names it. */
export interface WireFormatName {
  readonly type: WireFormatType;
  /** Of PCM; default 24000. G.711 has its own. */
  readonly rate?: WirePcmRate;
}

/** How audio looks on the wire: 16-bit little-endian PCM, or G.711 µ-law or A-law at 8 kHz, always mono. */
export interface WireFormat {
  readonly type: WireFormatType;
  readonly sampleRate: number;
  readonly bytesPerSample: number;
  readonly bytesPerMs: number;
  /** Wire bytes to samples. The result may be a view of `bytes`. */
  decode(bytes: Buffer): Int16Array;
  /** Samples (at `sampleRate`) to wire bytes. The result may be a view of `samples`. */
  encode(samples: Int16Array): Buffer;
}

const pcm = (sampleRate: WirePcmRate): WireFormat =>
  Object.freeze({
    type: "audio/pcm",
    sampleRate,
    bytesPerSample: 2,
    bytesPerMs: sampleRate / 500,
    decode: pcmFromBytes,
    encode: pcmToBytes,
  });

/** Under names, since looking up a number that large is slow, and this is asked for each piece of audio. */
const PCM = { "8k": pcm(8_000), "16k": pcm(16_000), "24k": pcm(24_000), "48k": pcm(48_000) };

const G711: Readonly<Record<Exclude<WireFormatType, "audio/pcm">, WireFormat>> = {
  "audio/pcmu": Object.freeze({
    type: "audio/pcmu",
    sampleRate: 8_000,
    bytesPerSample: 1,
    bytesPerMs: 8,
    decode: decodeUlaw,
    encode: encodeUlaw,
  }),
  "audio/pcma": Object.freeze({
    type: "audio/pcma",
    sampleRate: 8_000,
    bytesPerSample: 1,
    bytesPerMs: 8,
    decode: decodeAlaw,
    encode: encodeAlaw,
  }),
};

/** The format of that name; always the same frozen object. */
export function wireFormat({ type, rate = 24_000 }: WireFormatName): WireFormat {
  return type === "audio/pcm" ? pcmAt(rate) : G711[type];
}

function pcmAt(rate: WirePcmRate): WireFormat {
  switch (rate) {
    case 8_000:
      return PCM["8k"];
    case 16_000:
      return PCM["16k"];
    case 24_000:
      return PCM["24k"];
    case 48_000:
      return PCM["48k"];
    default:
      return rate satisfies never;
  }
}

/** How long so many wire bytes last, in milliseconds (not rounded). */
export function msOf(format: WireFormat, bytes: number): number {
  return bytes / format.bytesPerMs;
}

/** How many wire bytes last so many milliseconds, to the nearest whole sample. */
export function bytesOf(format: WireFormat, ms: number): number {
  return Math.round((ms * format.sampleRate) / 1000) * format.bytesPerSample;
}

/**
 * Turns a stream of PCM chunks, of whatever rates, into wire bytes. Calls are answered in the order in which they were
 * made. A chunk at another rate than the one before ends the old stream first, so that nothing of it is lost.
 */
export interface WireEncoder {
  /** The bytes that are ready, in memory of their own; may be empty. Rejects with a RangeError for an impossible rate. */
  encode(pcm: Pcm): Promise<Buffer>;
  /** The rest: afterwards everything said is out, to the nearest sample. The next `encode` begins a new stream. */
  flush(): Promise<Buffer>;
  /** Frees the resampler. Whatever is still under way, or comes later, yields no bytes. */
  close(): void;
}

/** Makes an encoder to `format`. Close it when done, or its filter stays in memory. */
export function createWireEncoder(format: WireFormat): WireEncoder {
  return new ResamplingEncoder(format);
}

class ResamplingEncoder implements WireEncoder {
  private current: { readonly rate: number; readonly resampler: Resampler } | undefined;
  private closed = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly format: WireFormat) {}

  encode(pcm: Pcm): Promise<Buffer> {
    return this.inOrder(async () => {
      const tail = await this.changeRate(pcm.sampleRate);
      const samples = this.current?.resampler.process(pcm.samples);
      return samples === undefined ? [] : [tail, samples];
    });
  }

  flush(): Promise<Buffer> {
    return this.inOrder(async () => (this.current === undefined ? [] : [this.current.resampler.flush()]));
  }

  close(): void {
    this.closed = true;
    this.current?.resampler.close();
    this.current = undefined;
  }

  /** Returns what the resampler of the old rate still held. Nothing has changed when this throws. */
  private async changeRate(rate: number): Promise<Int16Array> {
    const nothing = new Int16Array(0);
    if (rate === this.current?.rate) return nothing;
    const resampler = await createResampler({ from: rate, to: this.format.sampleRate });
    if (this.closed) {
      resampler.close();
      return nothing;
    }
    const tail = this.current?.resampler.flush() ?? nothing;
    this.current?.resampler.close();
    this.current = { rate, resampler };
    return tail;
  }

  private inOrder(task: () => Promise<Int16Array[]>): Promise<Buffer> {
    const answer = this.last.then(async () => this.format.encode(concatPcm(this.closed ? [] : await task())));
    this.last = answer.catch(() => undefined);
    return answer;
  }
}
