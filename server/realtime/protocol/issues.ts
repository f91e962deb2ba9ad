/** From what zod complains about to what the client is told. */
import type { z } from "zod";
import { errors } from "./errors";
import type { ProtocolError } from "./errors";
import { MAX_METADATA_PAIRS, numberKind, PCM_RATES } from "./primitives";
import { pathName } from "./structure";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The value that did not fit, and its whole path. */
interface Place {
  readonly root: unknown;
  readonly path: Path;
}

function valueAt({ root, path }: Place): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** What a value is, with its article. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value !== "number") return `a ${typeof value}`;
  if (!Number.isFinite(value)) return "a number that is too large";
  return Number.isInteger(value) ? "an integer" : "a decimal number";
}

/** What zod expected, with its article. */
function expectedKind(issue: z.core.$ZodIssueInvalidType): string {
  const name = numberKind(issue.message) ?? (issue.expected === "record" ? "object" : issue.expected);
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function quoted(values: readonly unknown[]): string[] {
  return values.filter((value) => value !== undefined).map((value) => `'${String(value)}'`);
}

/** A value that is not among those allowed, or is not even of their kind. */
function notAmong(place: Place, allowed: readonly unknown[], orKinds: readonly string[] = []): ProtocolError {
  const param = pathName(place.path);
  const value = valueAt(place);
  if (value === undefined) return errors.missingParameter(param);
  if (typeof value !== "string") return errors.invalidType(param, "a string", kindOf(value));
  return errors.unsupportedForm(param, value, [...quoted(allowed), ...orKinds]);
}

/** Whether a union's branch was refused for what the value is, rather than for something inside of it. */
function isOtherKind(issue: Issue | undefined, value: unknown): boolean {
  if (issue === undefined || issue.path.length > 0) return false;
  if (issue.code === "invalid_value") return typeof value !== "string";
  return issue.code === "invalid_type" && !(issue.expected === "int" && Number.isFinite(value));
}

/** Speaks for the branch of a union that the value was meant for. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, place: Place): ProtocolError {
  if (issue.errors.length === 0) return notAmong(place, "options" in issue ? (issue.options ?? []) : []);
  const value = valueAt(place);
  const branches = issue.errors.map((issues) => issues[0]);
  const kinds = branches.flatMap((first) => (first?.code === "invalid_type" ? [expectedKind(first)] : []));
  const meant = branches.find((first) => !isOtherKind(first, value));
  if (meant?.code === "invalid_value" && meant.path.length === 0) return notAmong(place, meant.values, kinds);
  if (meant !== undefined) return translate(meant, place);
  const literals = branches.flatMap((first) => (first?.code === "invalid_value" ? quoted(first.values) : []));
  const expected = [...kinds, ...literals];
  return errors.invalidType(pathName(place.path), `one of ${expected.join(" or ")}`, kindOf(value));
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, param: string, value: unknown): ProtocolError {
  if (issue.origin === "string") return errors.emptyString(param);
  const below = numberKind(issue.message) === "decimal" ? errors.decimalBelowMin : errors.integerBelowMin;
  return below(param, Number(issue.minimum), Number(value));
}

function tooBig(issue: z.core.$ZodIssueTooBig, param: string, value: unknown): ProtocolError {
  const max = Number(issue.maximum);
  if (typeof value === "string") return errors.stringTooLong(param, max, value.length);
  if (Array.isArray(value)) return errors.arrayTooLong(param, max, value.length);
  const above = numberKind(issue.message) === "decimal" ? errors.decimalAboveMax : errors.integerAboveMax;
  return above(param, max, Number(value));
}

function badKey(issue: z.core.$ZodIssueInvalidKey, { path }: Place): ProtocolError {
  const reason = issue.issues[0];
  const max = reason?.code === "too_big" ? Number(reason.maximum) : 0;
  return errors.keyTooLong(pathName(path.slice(0, -1)), max, String(path.at(-1)).length);
}

/** Refinements say by their message which one they are. */
function refused(issue: Issue, param: string, value: unknown): ProtocolError {
  switch (issue.message) {
    case "audio":
      return errors.invalidAudio(param);
    case "modalities":
      return errors.modalities(param, Array.isArray(value) ? value.map(String) : []);
    case "modalities with text":
      return errors.modalities(param, Array.isArray(value) ? value.map(String) : [], "['text'] and ['text', 'audio']");
    case "rates":
      return errors.unsupportedForm(param, String(value), PCM_RATES.map(String));
    case "pairs":
      return errors.tooManyProperties(param, MAX_METADATA_PAIRS, Object.keys(Object(value)).length);
    default:
      return errors.invalidValue(param, `Invalid value for '${param}'.`);
  }
}

/** `issue.path` starts at `base.path`. */
function translate(issue: Issue, base: Place): ProtocolError {
  const place: Place = { root: base.root, path: [...base.path, ...issue.path] };
  const param = pathName(place.path);
  const value = valueAt(place);
  switch (issue.code) {
    case "unrecognized_keys":
      return errors.unknownParameter(pathName([...place.path, issue.keys[0] ?? ""]));
    case "invalid_type":
      if (value === undefined) return errors.missingParameter(param);
      return errors.invalidType(param, expectedKind(issue), kindOf(value));
    case "invalid_value":
      return notAmong(place, issue.values);
    case "invalid_union":
      return ofUnion(issue, place);
    case "too_small":
      return tooSmall(issue, param, value);
    case "too_big":
      return tooBig(issue, param, value);
    case "invalid_key":
      return badKey(issue, place);
    case "custom":
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
      return refused(issue, param, value);
    default:
      return issue satisfies never;
  }
}

/**
 * The first thing that was wrong with `value`. `prefix` is put before the paths: `session`, say, when `value` is the
 * session alone.
 */
export function toProtocolError(error: z.ZodError, value: unknown, prefix = ""): ProtocolError {
  const [first, second] = error.issues;
  if (first === undefined) return errors.serverError();
  // A huge integer breaks two bounds, zod's own and then ours, which says more.
  const again = second?.code === first.code && pathName(second.path) === pathName(first.path);
  const base: Place = prefix === "" ? { root: value, path: [] } : { root: { [prefix]: value }, path: [prefix] };
  return translate(again ? second : first, base);
}
