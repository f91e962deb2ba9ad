import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from "./g711";
import { pcmFromBytes, pcmToBytes } from "./pcm";

/** The protocol's names of its audio formats. */
export type WireFormatType = "audio/pcm" | "audio/pcmu" | "audio/pcma";

/** How audio looks on the wire: 16-bit little-endian PCM at 24 kHz, or G.711 µ-law or A-law at 8 kHz, always mono. */
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

const FORMATS: Readonly<Record<WireFormatType, WireFormat>> = {
  "audio/pcm": Object.freeze({
    type: "audio/pcm",
    sampleRate: 24_000,
    bytesPerSample: 2,
    bytesPerMs: 48,
    decode: pcmFromBytes,
    encode: pcmToBytes,
  }),
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
export function wireFormat(type: WireFormatType): WireFormat {
  return FORMATS[type];
}

/** How long so many wire bytes last, in milliseconds (not rounded). */
export function msOf(format: WireFormat, bytes: number): number {
  return bytes / format.bytesPerMs;
}

/** How many wire bytes last so many milliseconds, to the nearest whole sample. */
export function bytesOf(format: WireFormat, ms: number): number {
  return Math.round((ms * format.sampleRate) / 1000) * format.bytesPerSample;
}
