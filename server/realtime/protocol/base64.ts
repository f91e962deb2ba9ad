/** Strict base64 for audio. Node's own decoder skips what it does not know; audio with holes in it must be refused. */

const FOREIGN = /[^A-Za-z0-9+/]/;
const PAD = 0x3d;
const MINUS = 0x2d;
const UNDERSCORE = 0x5f;

/** How many of the last two characters are padding; `last` and `beforeLast` are their codes. */
function padding(last: number | undefined, beforeLast: number | undefined): number {
  if (last !== PAD) return 0;
  return beforeLast === PAD ? 2 : 1;
}

/** Standard alphabet, padded to a multiple of four. The empty string is valid. */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const pad = padding(text.charCodeAt(text.length - 1), text.charCodeAt(text.length - 2));
  return !FOREIGN.test(pad === 0 ? text : text.slice(0, -pad));
}

/** The bytes that a valid base64 text of this many characters stands for. */
export function decodedLength(text: string): number {
  return (text.length / 4) * 3 - padding(text.charCodeAt(text.length - 1), text.charCodeAt(text.length - 2));
}

/** The bytes in memory of their own, or undefined when `text` is not valid base64. */
export function decodeBase64(text: string): Buffer | undefined {
  return isBase64(text) ? Buffer.from(text, "base64") : undefined;
}

/** As much as the largest chunks of live audio; what is longer gets memory of its own. */
const SCRATCH_BYTES = 64 * 1024;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/**
 * The same for characters that lie in `bytes` from `start` to `end`, without looking at each: what Node's decoder
 * skipped shows in the length of what it made, except for the two characters of the url-safe alphabet. What it returns
 * may be overwritten by the next call: a buffer for each of 50,000 chunks a second is more than the collector bears.
 */
export function decodeBase64Bytes(bytes: Buffer, start: number, end: number): Buffer | undefined {
  const length = end - start;
  if (length % 4 !== 0) return undefined;
  if (length === 0) return scratch.subarray(0, 0);
  const expected = (length / 4) * 3 - padding(bytes[end - 1], bytes[end - 2]);
  const target = expected <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(expected);
  if (target.write(bytes.toString("latin1", start, end), 0, "base64") !== expected) return undefined;
  const isUrlSafe = isWithin(bytes.indexOf(MINUS, start), end) || isWithin(bytes.indexOf(UNDERSCORE, start), end);
  return isUrlSafe ? undefined : target.subarray(0, expected);
}

const isWithin = (at: number, end: number): boolean => at !== -1 && at < end;
