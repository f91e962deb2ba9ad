/** Bounds on the shape of untrusted JSON, before and after it is parsed, whatever the schemas say. */
import { errors } from "./errors";
import type { ProtocolError } from "./errors";

export const MAX_DEPTH = 100;
export const MAX_VALUES = 50_000;

/** A frame shorter than this cannot hold enough to hurt. */
const HARMLESS_BYTES = 65_536;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the string that starts at `at` (just after its quote) ends: the place after the closing quote. */
function skipString(frame: Buffer, at: number): number {
  let i = at;
  for (; i < frame.length && frame[i] !== QUOTE; i++) if (frame[i] === BACKSLASH) i++;
  return i + 1;
}

/**
 * Refuses a large frame that JSON.parse would spend seconds and gigabytes on (millions of empty objects, say). Counts
 * brackets and commas outside of strings; what is not JSON at all is left to the parser.
 */
export function checkFrameStructure(frame: Buffer): ProtocolError | undefined {
  if (frame.length < HARMLESS_BYTES) return undefined;
  let depth = 0;
  let values = 0;
  for (let i = 0; i < frame.length;) {
    const byte = frame[i++];
    if (byte === QUOTE) i = skipString(frame, i);
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      values++;
      if (++depth > MAX_DEPTH) return errors.nestedTooDeep(MAX_DEPTH);
    } else if (byte === COMMA) values++;
    if (values > MAX_VALUES) return errors.tooManyValues(MAX_VALUES);
  }
  return undefined;
}

type Path = readonly (string | number)[];
type Finding = { readonly kind: "deep" } | { readonly kind: "proto"; readonly path: Path };

function search(value: unknown, path: Path): Finding | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length >= MAX_DEPTH) return { kind: "deep" };
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      if (typeof entry !== "object") continue;
      const finding = search(entry, [...path, index]);
      if (finding) return finding;
    }
    return undefined;
  }
  for (const [key, entry] of Object.entries(value)) {
    if (key === "__proto__") return { kind: "proto", path: [...path, key] };
    const finding = typeof entry === "object" ? search(entry, [...path, key]) : undefined;
    if (finding) return finding;
  }
  return undefined;
}

/** `session.tools[0].name`. */
export function pathName(path: readonly PropertyKey[]): string {
  let name = "";
  for (const step of path) {
    if (typeof step === "number") name += `[${step}]`;
    else name += name === "" ? String(step) : `.${String(step)}`;
  }
  return name;
}

/**
 * Refuses a parsed value that is nested too deep to be written again, or that holds a key named `__proto__` anywhere:
 * schemas would pass over it in free-form objects, and whoever copies those must not be able to go wrong.
 */
export function checkStructure(value: unknown, prefix = ""): ProtocolError | undefined {
  const finding = search(value, prefix === "" ? [] : [prefix]);
  if (finding === undefined) return undefined;
  if (finding.kind === "deep") return errors.nestedTooDeep(MAX_DEPTH);
  return errors.unknownParameter(pathName(finding.path));
}
