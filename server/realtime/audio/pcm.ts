/** Mono, signed 16-bit linear audio in host byte order: the one form in which audio travels inside antiphon. */
export interface Pcm {
  readonly samples: Int16Array;
  /** Samples per second, for example 24000. */
  readonly sampleRate: number;
}

/**
 * Reads little-endian 16-bit samples. When the bytes are aligned the result is a view of the same memory, so copy it
 * (`slice()`) if the buffer will be reused. A trailing odd byte is left out.
 */
export function pcmFromBytes(buffer: Buffer): Int16Array {
  const length = buffer.length >> 1;
  if (buffer.byteOffset % 2 === 0) return new Int16Array(buffer.buffer, buffer.byteOffset, length);
  const samples = new Int16Array(length);
  buffer.copy(pcmToBytes(samples), 0, 0, length * 2);
  return samples;
}

/** The samples as little-endian bytes: a view of the same memory, nothing is copied. */
export function pcmToBytes(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** How long so many samples last, in milliseconds (not rounded). `rate` is in samples per second. */
export function durationMs(samples: number, rate: number): number {
  return (samples * 1000) / rate;
}

/** Whether audio of this rate can be handled: a whole number of samples per second, 1000 to 384000. */
export function isSampleRate(rate: number): boolean {
  return Number.isInteger(rate) && rate >= 1_000 && rate <= 384_000;
}

/** Joins chunks of one rate into one array of their own. */
export function concatPcm(chunks: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Int16Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}
