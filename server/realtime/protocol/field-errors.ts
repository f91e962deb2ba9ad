/** Errors about one field of what a client sent. */
import { requestError, shorten } from "./protocol-error";
import type { ProtocolError } from "./protocol-error";

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
function listOf(values: readonly string[]): string {
  if (values.length <= 2) return values.join(" and ");
  return `${values.slice(0, -1).join(", ")}, and ${values.at(-1)}`;
}

/** One bound that a field broke. */
interface Limit {
  readonly code: string;
  /** For example "integer below minimum value". */
  readonly problem: string;
  /** For example "a value >= 1". */
  readonly expected: string;
  readonly got: string;
}

function outside(param: string, limit: Limit): ProtocolError {
  const message = `Invalid '${param}': ${limit.problem}. Expected ${limit.expected}, but got ${limit.got} instead.`;
  return requestError(limit.code, message, param);
}

const belowMin = (kind: "integer" | "decimal") => (param: string, min: number, got: number) =>
  outside(param, {
    code: `${kind}_below_min_value`,
    problem: `${kind} below minimum value`,
    expected: `a value >= ${min}`,
    got: String(got),
  });

const aboveMax = (kind: "integer" | "decimal") => (param: string, max: number, got: number) =>
  outside(param, {
    code: `${kind}_above_max_value`,
    problem: `${kind} above maximum value`,
    expected: `a value <= ${max}`,
    got: String(got),
  });

const tooLong = (kind: "string" | "array") => (param: string, max: number, got: number) => {
  const article = kind === "array" ? "an" : "a";
  return outside(param, {
    code: `${kind}_above_max_length`,
    problem: `${kind} too long`,
    expected: `${article} ${kind} with maximum length ${max}`,
    got: `${article} ${kind} with length ${got}`,
  });
};

function notAllowed(param: string, value: string, forms: readonly string[]): ProtocolError {
  const message = `Invalid value: '${shorten(value)}'. Supported values are: ${listOf(forms)}.`;
  return requestError("invalid_value", message, param);
}

export const fieldErrors = {
  unknownParameter: (path: string) =>
    requestError("unknown_parameter", `Unknown parameter: '${shorten(path)}'.`, shorten(path)),
  missingParameter: (path: string) =>
    requestError("missing_required_parameter", `Missing required parameter: '${path}'.`, path),
  invalidValue: (param: string | null, message: string) => requestError("invalid_value", message, param),
  /** A value outside of a closed set. */
  unsupportedValue: (param: string, value: string, supported: readonly string[]) =>
    notAllowed(
      param,
      value,
      supported.map((each) => `'${each}'`),
    ),
  /** The same where other kinds of value are allowed too: `forms` are in words, "'inf'" and "an integer". */
  unsupportedForm: notAllowed,
  /** `expected` and `got` carry their article: "a string", "an integer". */
  invalidType: (param: string, expected: string, got: string) =>
    requestError("invalid_type", `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`, param),

  integerBelowMin: belowMin("integer"),
  integerAboveMax: aboveMax("integer"),
  decimalBelowMin: belowMin("decimal"),
  decimalAboveMax: aboveMax("decimal"),
  stringTooLong: tooLong("string"),
  arrayTooLong: tooLong("array"),
  emptyString: (param: string) =>
    outside(param, {
      code: "empty_string",
      problem: "empty string",
      expected: "a string with minimum length 1",
      got: "an empty string",
    }),
  keyTooLong: (param: string, max: number, got: number) =>
    outside(param, {
      code: "string_above_max_length",
      problem: "property name too long",
      expected: `a property name with maximum length ${max}`,
      got: `a property name with length ${got}`,
    }),
  tooManyProperties: (param: string, max: number, got: number) =>
    outside(param, {
      code: "object_above_max_properties",
      problem: "too many properties",
      expected: `an object with at most ${max} properties`,
      got: `an object with ${got} properties`,
    }),

  modalities: (param: string, got: readonly string[], supported = "['text'] and ['audio']") => {
    const asked = shorten(got.map((each) => `'${each}'`).join(", "));
    const message = `Invalid modalities: [${asked}]. Supported combinations are: ${supported}.`;
    return requestError("invalid_value", message, param);
  },
  invalidAudio: (param: string) => {
    const message = `Invalid '${param}'. Expected base64-encoded audio bytes, but got an invalid value.`;
    return requestError("invalid_value", message, param);
  },
  audioTooLarge: (param: string, maxBytes: number, got: number) =>
    outside(param, {
      code: "invalid_value",
      problem: "audio too large",
      expected: `at most ${maxBytes} bytes of audio`,
      got: `${got} bytes`,
    }),
  /** Understood, but not something this server does. */
  unsupported: (param: string, message: string) => requestError("unsupported_parameter", message, param),
};
