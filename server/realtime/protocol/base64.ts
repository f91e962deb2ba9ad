/** Strict base64 for audio. Node's own decoder skips what it does not know; audio with holes in it must be refused. */

const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** Standard alphabet, padded to a multiple of four. The empty string is valid. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && ALPHABET.test(text);
}

/** Decoded length of padded base64 whose last two characters are given. */
export function decodedLength(length: number, lastIsPad: boolean, beforeLastIsPad: boolean): number {
  return (length / 4) * 3 - (lastIsPad ? 1 : 0) - (lastIsPad && beforeLastIsPad ? 1 : 0);
}

/** The bytes in memory of their own, or undefined when `text` is not valid base64. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!isBase64(text)) return undefined;
  return Buffer.from(text, "base64");
}
