/**
 * ITU-T G.711 by lookup table: 64 kbit/s telephone audio, one byte a sample. Bit-exact with the reference code of
 * ITU-T G.191, which treats negative samples in one's complement (so −1 is the negative zero of µ-law).
 */

/** µ-law works on 14 bits, A-law on 12: the lower bits of a 16-bit sample cannot change the code. */
const ULAW_SHIFT = 2;
const ALAW_SHIFT = 4;

const ulawToLinear = tableOf(256, (code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return code < 0x80 ? -magnitude : magnitude;
});

const alawToLinear = tableOf(256, (code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return code < 0x80 ? -magnitude : magnitude;
});

const linearToUlaw = codesOf(16 - ULAW_SHIFT, (value) => {
  const biased = Math.min(0x1fff, (value < 0 ? ~value : value) + 33);
  const segment = 26 - Math.clz32(biased);
  const bits = (segment << 4) | ((biased >> (segment + 1)) & 0x0f);
  return ~bits & (value < 0 ? 0x7f : 0xff);
});

const linearToAlaw = codesOf(16 - ALAW_SHIFT, (value) => {
  const magnitude = value < 0 ? ~value : value;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const bits = segment === 0 ? magnitude : (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f);
  return (value < 0 ? bits : bits | 0x80) ^ 0x55;
});

/** µ-law bytes (PCMU) to linear samples. Both zeros, 0xff and 0x7f, become 0. */
export function decodeUlaw(bytes: Uint8Array): Int16Array {
  return decode(ulawToLinear, bytes);
}

/** Linear samples to µ-law bytes (PCMU). Zero becomes 0xff, the positive one. */
export function encodeUlaw(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = linearToUlaw[(samples[i]! >> ULAW_SHIFT) & 0x3fff]!;
  return bytes;
}

/** A-law bytes (PCMA) to linear samples. A-law has no zero: the nearest codes, 0xd5 and 0x55, become 8 and −8. */
export function decodeAlaw(bytes: Uint8Array): Int16Array {
  return decode(alawToLinear, bytes);
}

/** Linear samples to A-law bytes (PCMA). */
export function encodeAlaw(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = linearToAlaw[(samples[i]! >> ALAW_SHIFT) & 0xfff]!;
  return bytes;
}

function decode(table: Int16Array, bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = table[bytes[i]!]!;
  return samples;
}

function tableOf(size: number, entry: (index: number) => number): Int16Array {
  return Int16Array.from({ length: size }, (_, index) => entry(index));
}

/** A table of codes for every signed value of so many bits, indexed by its two's complement. */
function codesOf(bits: number, code: (value: number) => number): Uint8Array {
  const unused = 32 - bits;
  return Uint8Array.from({ length: 1 << bits }, (_, index) => code((index << unused) >> unused));
}
