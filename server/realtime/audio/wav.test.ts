import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUlaw, encodeAlaw, encodeUlaw } from "./g711";
import { pcmToBytes } from "./pcm";
import { decodeWav, encodeWav } from "./wav";

interface WavOptions {
  tag: number;
  bits: number;
  channels?: number;
  sampleRate?: number;
  blockBytes?: number;
  extra?: Buffer;
}

function chunk(id: string, body: Buffer, declaredSize = body.length): Buffer {
  const header = Buffer.from(`${id}0000`, "latin1");
  header.writeUInt32LE(declaredSize, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}

function formatChunk({ tag, bits, channels = 1, sampleRate = 16_000, blockBytes, extra }: WavOptions): Buffer {
  const frame = blockBytes ?? channels * Math.ceil(bits / 8);
  const body = Buffer.alloc(16);
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRate, 4);
  body.writeUInt32LE((sampleRate * frame) % 2 ** 32, 8);
  body.writeUInt16LE(frame, 12);
  body.writeUInt16LE(bits, 14);
  return chunk("fmt ", Buffer.concat([body, extra ?? Buffer.alloc(0)]));
}

function riff(chunks: Buffer[], declaredSize?: number): Buffer {
  return chunk("RIFF", Buffer.concat([Buffer.from("WAVE"), ...chunks]), declaredSize);
}

const wav = (options: WavOptions, data: Buffer): Buffer => riff([formatChunk(options), chunk("data", data)]);
const samplesOf = (file: Buffer): number[] => [...decodeWav(file).samples];

describe("WAV", () => {
  it("round trip: what was written is read, at its rate", () => {
    const property = fc.property(fc.int16Array(), fc.integer({ min: 1000, max: 384_000 }), (samples, sampleRate) => {
      expect(decodeWav(encodeWav({ samples, sampleRate }))).toEqual({ samples, sampleRate });
    });
    fc.assert(property);
  });

  it("writes the header that every player knows", () => {
    const header = encodeWav({ samples: Int16Array.of(1, 2), sampleRate: 24_000 }).subarray(0, 44);
    expect(header.toString("hex")).toBe(
      "52494646280000005741564566" + "6d74201000000001000100c05d000080bb0000020010006461746104000000",
    );
  });

  it("reads every sample width", () => {
    expect(samplesOf(wav({ tag: 1, bits: 8 }, Buffer.from([0, 128, 255])))).toEqual([-32768, 0, 32512]);
    expect(samplesOf(wav({ tag: 1, bits: 16 }, Buffer.from([0xfe, 0xff])))).toEqual([-2]);
    expect(samplesOf(wav({ tag: 1, bits: 24 }, Buffer.from([9, 0x34, 0x12, 9, 0xfe, 0xff])))).toEqual([0x1234, -2]);
    expect(samplesOf(wav({ tag: 1, bits: 32 }, Buffer.from([9, 9, 0xfe, 0xff])))).toEqual([-2]);
    const floats = Float32Array.of(-1, 0.5, 2);
    expect(samplesOf(wav({ tag: 3, bits: 32 }, Buffer.from(floats.buffer)))).toEqual([-32768, 16384, 32767]);
    const doubles = Float64Array.of(-0.25, NaN);
    expect(samplesOf(wav({ tag: 3, bits: 64 }, Buffer.from(doubles.buffer)))).toEqual([-8192, 0]);
  });

  it("reads µ-law and A-law", () => {
    const samples = Int16Array.of(0, 1000, -20_000, 32_000);
    expect(samplesOf(wav({ tag: 7, bits: 8 }, encodeUlaw(samples)))).toEqual([...decodeUlaw(encodeUlaw(samples))]);
    expect(samplesOf(wav({ tag: 6, bits: 8 }, encodeAlaw(Int16Array.of(264, -264))))).toEqual([264, -264]);
  });

  it("mixes stereo down to its mean, without overflow", () => {
    const data = pcmToBytes(Int16Array.of(100, 300, 32_767, 32_767, -32_768, -32_768, 1000, -1000));
    expect(samplesOf(wav({ tag: 1, bits: 16, channels: 2 }, data))).toEqual([200, 32_767, -32_768, 0]);
  });

  it("reads WAVE_FORMAT_EXTENSIBLE by its sub-format", () => {
    const extra = Buffer.from("1600100004000000" + "0100000000001000800000aa00389b71", "hex");
    const data = pcmToBytes(Int16Array.of(7, -7));
    expect(samplesOf(wav({ tag: 0xfffe, bits: 16, extra }, data))).toEqual([7, -7]);
    extra[20] = 1;
    expect(() => decodeWav(wav({ tag: 0xfffe, bits: 16, extra }, data))).toThrow(/not supported/);
  });

  it("finds its chunks in any order, among others, with padding", () => {
    const data = chunk("data", pcmToBytes(Int16Array.of(5, 6)));
    const other = chunk("LIST", Buffer.from("odd"));
    const format = formatChunk({ tag: 1, bits: 16, sampleRate: 8_000 });
    expect(decodeWav(riff([other, data, other, format]))).toEqual({ samples: Int16Array.of(5, 6), sampleRate: 8_000 });
  });

  it.each([
    [0xffffffff, 0xffffffff],
    [0, 0],
    [0xffffffff, 0],
    [0x7fffffff, 0x7fffffdb],
  ])("reads to the end when a streaming writer left the sizes as %i and %i", (riffSize, dataSize) => {
    const body = pcmToBytes(Int16Array.of(1, 2, 3));
    const file = riff([formatChunk({ tag: 1, bits: 16 }), chunk("data", body, dataSize)], riffSize);
    expect(samplesOf(file)).toEqual([1, 2, 3]);
    expect(samplesOf(file.subarray(0, file.length - 1))).toEqual([1, 2]);
  });

  it("an empty data chunk of a finished file is empty, even when something follows", () => {
    const file = riff([
      formatChunk({ tag: 1, bits: 16 }),
      chunk("data", Buffer.alloc(0)),
      chunk("LIST", Buffer.alloc(8)),
    ]);
    expect(samplesOf(file)).toEqual([]);
  });

  it("does not hold on to the caller's buffer", () => {
    const file = encodeWav({ samples: Int16Array.of(1, 2), sampleRate: 16_000 });
    const { samples } = decodeWav(file);
    file.fill(0xff);
    expect(samples).toEqual(Int16Array.of(1, 2));
  });
});

describe("a malformed WAV", () => {
  const data = chunk("data", Buffer.alloc(4));
  it.each([
    ["nothing", Buffer.alloc(0), /does not start with a RIFF\/WAVE header/],
    ["an MP3", Buffer.from("ID3 something else entirely"), /does not start with a RIFF\/WAVE header/],
    ["no fmt chunk", riff([data]), /no `fmt ` chunk/],
    ["no data chunk", riff([formatChunk({ tag: 1, bits: 16 })]), /no `data` chunk/],
    ["a short fmt chunk", riff([chunk("fmt ", Buffer.alloc(12)), data]), /too short/],
    ["a short extensible one", riff([formatChunk({ tag: 0xfffe, bits: 16 }), data]), /too short/],
    ["no channels", riff([formatChunk({ tag: 1, bits: 16, channels: 0 }), data]), /no channels/],
    ["a rate of 0", riff([formatChunk({ tag: 1, bits: 16, sampleRate: 0 }), data]), /sample rate of 0 Hz/],
    ["ADPCM", riff([formatChunk({ tag: 2, bits: 4 }), data]), /format tag 2/],
    ["16-bit float", riff([formatChunk({ tag: 3, bits: 16 }), data]), /format tag 3, 16 bits/],
    ["wrong frames", riff([formatChunk({ tag: 1, bits: 16, blockBytes: 3 }), data]), /frames of 3 bytes/],
  ])("with %s is refused in plain words", (_, file, message) => {
    expect(() => decodeWav(file)).toThrow(message);
  });

  it("of random mutations is read, or refused with one of our own errors", () => {
    const extra = Buffer.from("1600100004000000" + "0100000000001000800000aa00389b71", "hex");
    const seeds = [
      encodeWav({ samples: Int16Array.from({ length: 40 }, (_, i) => i * 500), sampleRate: 24_000 }),
      wav({ tag: 0xfffe, bits: 16, channels: 2, extra }, Buffer.alloc(64, 3)),
      wav({ tag: 3, bits: 32 }, Buffer.alloc(63, 200)),
    ];
    const edits = fc.array(fc.tuple(fc.nat(60), fc.oneof(fc.constantFrom(0, 1, 255), fc.nat(255))), { maxLength: 6 });
    const property = fc.property(fc.constantFrom(...seeds), edits, fc.nat(200), (seed, changes, cut) => {
      const file = Buffer.from(seed);
      for (const [at, value] of changes) file[at] = value;
      const given = file.subarray(0, cut > 150 ? cut - 150 : file.length);
      let samples: Int16Array = new Int16Array(0);
      try {
        samples = decodeWav(given).samples;
      } catch (error) {
        expect((error as Error).message).toMatch(/WAV file/);
      }
      expect(samples.length).toBeLessThanOrEqual(given.length);
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
