/** PostgreSQL takes neither NUL nor half of a surrogate pair; clients may send both. And nobody reads megabytes of base64. */

const LONGEST = 16_384;

// What is rare is looked for first: most texts are returned as they are.
const SUSPECT = /[\0\uD800-\uDFFF]/;
const BAD = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export function cleanText(text: string): string {
  return SUSPECT.test(text) ? text.replace(BAD, "\uFFFD") : text;
}

export function shorten(text: string, most: number): string {
  return text.length > most ? cleanText(text.slice(0, most)) : text;
}

/** A copy for the database: clean, and with long texts cut. */
export function cleanJson(value: unknown): unknown {
  if (typeof value === "string") {
    const text = cleanText(value);
    return text.length > LONGEST ? `${shorten(text, 256)}… (${text.length} characters)` : text;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanJson);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [cleanText(key), cleanJson(each)]));
}
