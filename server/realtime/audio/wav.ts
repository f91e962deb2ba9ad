import { pcmFromFloat } from "./float";
import { decodeAlaw, decodeUlaw } from "./g711";
import { isSampleRate, pcmFromBytes, pcmToBytes, type Pcm } from "./pcm";

const HEADER_BYTES = 44;
const UNKNOWN_SIZE = 0xffffffff;

const TAG_PCM = 0x0001;
const TAG_FLOAT = 0x0003;
const TAG_ALAW = 0x0006;
const TAG_ULAW = 0x0007;
const TAG_EXTENSIBLE = 0xfffe;
/** What follows the format tag in the sub-format GUID of WAVE_FORMAT_EXTENSIBLE. */
const GUID_TAIL = Buffer.from("000000001000800000aa00389b71", "hex");

interface Layout {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/** A WAV file: 16-bit PCM, mono. */
export function encodeWav(pcm: Pcm): Buffer {
  const data = pcmToBytes(pcm.samples);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(TAG_PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(pcm.sampleRate, 24);
  header.writeUInt32LE(pcm.sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/**
 * Reads a WAV file into memory of its own. Takes PCM of 8, 16, 24 and 32 bits, float of 32 and 64, µ-law and A-law, at
 * 1000 to 384000 Hz; several channels are averaged into one. Data cut short, or of a size that a streaming writer did not
 * know, is read to its end. Throws an Error that says what is wrong with anything else.
 */
export function decodeWav(bytes: Buffer): Pcm {
  const { format, data } = findChunks(bytes);
  const layout = readLayout(format);
  const width = layout.bits / 8;
  const frameBytes = width * layout.channels;
  const whole = data.subarray(0, data.length - (data.length % frameBytes));
  const samples = mixDown(toInt16(layout, whole), layout.channels);
  return { samples, sampleRate: layout.sampleRate };
}

function findChunks(bytes: Buffer): { format: Buffer; data: Buffer } {
  if (bytes.length < 12 || bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE") {
    throw new Error("Not a WAV file: it does not start with a RIFF/WAVE header.");
  }
  const riffSize = bytes.readUInt32LE(4);
  const sizeUnknown = riffSize === 0 || riffSize === UNKNOWN_SIZE;
  let format: Buffer | undefined;
  let data: Buffer | undefined;
  let at = 12;
  while (at + 8 <= bytes.length && !(format && data)) {
    const id = bytes.toString("latin1", at, at + 4);
    const declared = bytes.readUInt32LE(at + 4);
    const size = id === "data" && declared === 0 && sizeUnknown ? UNKNOWN_SIZE : declared;
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (id === "fmt ") format ??= body;
    if (id === "data") data ??= body;
    at += 8 + size + (size % 2);
  }
  if (!format) throw new Error("Broken WAV file: it has no `fmt ` chunk.");
  if (!data) throw new Error("Broken WAV file: it has no `data` chunk.");
  return { format, data };
}

function readLayout(format: Buffer): Layout {
  if (format.length < 16) throw new Error("Broken WAV file: its `fmt ` chunk is too short.");
  const tag = formatTag(format);
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const blockBytes = format.readUInt16LE(12);
  const bits = Math.ceil(format.readUInt16LE(14) / 8) * 8;
  if (channels === 0) throw new Error("Broken WAV file: it has no channels.");
  if (!isSampleRate(sampleRate)) {
    throw new Error(`Broken WAV file: a sample rate of ${sampleRate} Hz is not between 1000 and 384000.`);
  }
  if (!isSupported(tag, bits)) {
    throw new Error(
      `This kind of WAV file is not supported (format tag ${tag}, ${bits} bits). Convert it to 16-bit PCM, for example.`,
    );
  }
  if (blockBytes !== (channels * bits) / 8) {
    throw new Error(`Broken WAV file: frames of ${blockBytes} bytes do not hold ${channels} × ${bits} bits.`);
  }
  return { tag, channels, sampleRate, bits };
}

function formatTag(format: Buffer): number {
  const tag = format.readUInt16LE(0);
  if (tag !== TAG_EXTENSIBLE) return tag;
  if (format.length < 40) throw new Error("Broken WAV file: its extensible `fmt ` chunk is too short.");
  if (!format.subarray(26, 40).equals(GUID_TAIL)) throw new Error("This kind of WAV file is not supported.");
  return format.readUInt16LE(24);
}

function isSupported(tag: number, bits: number): boolean {
  switch (tag) {
    case TAG_PCM:
      return bits === 8 || bits === 16 || bits === 24 || bits === 32;
    case TAG_FLOAT:
      return bits === 32 || bits === 64;
    case TAG_ALAW:
    case TAG_ULAW:
      return bits === 8;
    default:
      return false;
  }
}

/** Interleaved samples. Of `layout`, only the combinations that `isSupported` lets through arrive here. */
function toInt16({ tag, bits }: Layout, data: Buffer): Int16Array {
  if (tag === TAG_ULAW) return decodeUlaw(data);
  if (tag === TAG_ALAW) return decodeAlaw(data);
  // A copy starts aligned for any element size, and does not hold on to the caller's buffer.
  const copy = new Uint8Array(data);
  if (tag === TAG_FLOAT)
    return pcmFromFloat(bits === 32 ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer));
  if (bits === 8) return Int16Array.from(copy, (value) => (value - 128) << 8);
  if (bits === 16) return pcmFromBytes(Buffer.from(copy.buffer));
  return upperHalfwords(copy, bits / 8);
}

/** The two most significant bytes of every wider sample. */
function upperHalfwords(bytes: Uint8Array, width: number): Int16Array {
  const samples = new Int16Array(bytes.length / width);
  for (let i = 0, at = width - 2; i < samples.length; i++, at += width) {
    samples[i] = bytes[at]! | (bytes[at + 1]! << 8);
  }
  return samples;
}

function mixDown(interleaved: Int16Array, channels: number): Int16Array {
  if (channels === 1) return interleaved;
  const mono = new Int16Array(interleaved.length / channels);
  for (let i = 0, at = 0; i < mono.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[at++]!;
    mono[i] = Math.round(sum / channels);
  }
  return mono;
}
