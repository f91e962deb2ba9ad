/** Base64 for audio in the browser; PCM16 travels in little-endian order, which is every browser's own. */

const BLOCK = 0x8000;

export function encodePcm(samples: Int16Array): string {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let binary = "";
  for (let at = 0; at < bytes.length; at += BLOCK) binary += String.fromCharCode(...bytes.subarray(at, at + BLOCK));
  return btoa(binary);
}

/** Throws a DOMException when `text` is not base64. An odd last byte is dropped. */
export function decodePcm(text: string): Int16Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length - (binary.length % 2));
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Int16Array(bytes.buffer);
}

/** Milliseconds of 24 kHz PCM16 behind a base64 text, without decoding it. */
export function pcmMilliseconds(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return ((text.length * 3) / 4 - padding) / 48;
}
