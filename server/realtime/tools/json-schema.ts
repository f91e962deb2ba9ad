/** JSON Schemas (2020-12) of strangers: refused when they are none, compiled once, and never fetched from anywhere. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import { safeRegExp } from "./regular-expressions";
import type { JsonSchema } from "./types";

/** `message` says what is wrong with the schema; `path` where, for example `.properties.city`. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  constructor(
    message: string,
    readonly path = "",
  ) {
    super(message);
  }
}

/** One thing that is wrong with a value. */
export interface ValueProblem {
  /** Of the field, for example `stops.0.city`; empty: the value as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a value, in words that a model can act on; undefined when it fits. */
export type Check = (value: unknown) => string | undefined;

const MAX_SCHEMA_LETTERS = 64 * 1024;
const MAX_KEPT = 500;
const MAX_TOLD = 5;

const ajv = new Ajv2020({
  strict: false,
  allErrors: false,
  validateFormats: false,
  logger: false,
  // Numbers as models write them are taken as they are: "5" is no number.
  coerceTypes: false,
  code: { regExp: safeRegExp },
});
const kept = new Map<string, Compiled>();

interface Compiled {
  readonly check: Check;
  readonly problems: (value: unknown) => readonly ValueProblem[];
}

/** Throws a SchemaError. The same schema again costs nothing. */
export function compileSchema(schema: JsonSchema): Check {
  return compiled(schema).check;
}

/** The first thing that does not fit, and where. A schema that cannot be used holds nothing against anybody. */
export function findProblem(schema: JsonSchema, value: unknown): ValueProblem | undefined {
  try {
    return compiled(schema).problems(value)[0];
  } catch {
    return undefined;
  }
}

function compiled(schema: JsonSchema): Compiled {
  const text = JSON.stringify(schema);
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (text.length > MAX_SCHEMA_LETTERS)
    throw new SchemaError(`The schema is larger than ${MAX_SCHEMA_LETTERS} characters.`);
  const problems = toProblems(compile(schema));
  const check = (value: unknown): string | undefined =>
    problems(value)
      .map(({ message }) => message)
      .join("; ") || undefined;
  const made = { check, problems };
  const oldest = kept.size >= MAX_KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(text, made);
  return made;
}

function compile(schema: JsonSchema): ValidateFunction {
  // A copy without names of its own: two strangers may use the same one.
  const { $id: _id, $schema: _dialect, ...anonymous } = schema;
  try {
    if (ajv.validateSchema(anonymous) !== true) throw notASchema(ajv.errors?.[0]);
    return ajv.compile(anonymous);
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    const missing: unknown = error instanceof Error && "missingRef" in error ? error.missingRef : undefined;
    if (typeof missing === "string")
      throw new SchemaError(`The reference '${missing}' leads out of the schema, which is not followed.`);
    throw new SchemaError(`This is no JSON Schema: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    ajv.removeSchema(anonymous);
  }
}

function notASchema(error: ErrorObject | undefined): SchemaError {
  const path = (error?.instancePath ?? "").replace(/\/(\d+)/g, "[$1]").replaceAll("/", ".");
  return new SchemaError(`This is no JSON Schema: ${error?.message ?? "it does not follow the rules"}.`, path);
}

function toProblems(validate: ValidateFunction): Compiled["problems"] {
  return (value) => {
    try {
      if (validate(value)) return [];
    } catch {
      return [{ path: "", message: "The arguments could not be checked: the schema leads round in a circle." }];
    }
    const problems = (validate.errors ?? []).slice(0, MAX_TOLD).map(describe);
    return problems.length === 0 ? [{ path: "", message: "The arguments do not fit the schema." }] : problems;
  };
}

function describe({ instancePath, message, params }: ErrorObject): ValueProblem {
  const path = instancePath.slice(1).replaceAll("/", ".");
  const at = path === "" ? "the arguments" : path;
  const extra: unknown = params["additionalProperty"] ?? params["allowedValues"];
  const named: unknown = params["missingProperty"] ?? params["additionalProperty"];
  return {
    path: [path, named].filter((part) => typeof part === "string" && part !== "").join("."),
    message: `${at} ${message ?? "is not right"}${extra === undefined ? "" : ` (${JSON.stringify(extra)})`}`,
  };
}

// ---------------------------------------------------------------- strict schemas

/** Where a schema breaks the rules of `strict`: every object names all its properties, needs them all and takes no others. */
export function strictProblem(schema: unknown, path = ""): SchemaError | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  if (Array.isArray(schema)) return firstOf(schema.map((part, index) => strictProblem(part, `${path}[${index}]`)));
  const node = schema as Record<string, unknown>;
  return objectProblem(node, path) ?? firstOf(partsOf(node, path).map(([part, at]) => strictProblem(part, at)));
}

const HOLDERS = ["properties", "$defs", "definitions"];
const PARTS = ["items", "anyOf", "oneOf", "allOf", "not"];

function partsOf(node: Record<string, unknown>, path: string): [unknown, string][] {
  const held = HOLDERS.flatMap((holder) => {
    const inside = node[holder];
    if (typeof inside !== "object" || inside === null) return [];
    return Object.entries(inside).map(([name, part]): [unknown, string] => [part, `${path}.${holder}.${name}`]);
  });
  return [...held, ...PARTS.map((part): [unknown, string] => [node[part], `${path}.${part}`])];
}

function objectProblem(node: Record<string, unknown>, path: string): SchemaError | undefined {
  const isObject = node["type"] === "object" || typeof node["properties"] === "object";
  if (!isObject) return undefined;
  if (node["additionalProperties"] !== false)
    return new SchemaError("A strict schema needs 'additionalProperties': false in every object.", path);
  const properties = Object.keys((node["properties"] as object | undefined) ?? {});
  const required = Array.isArray(node["required"]) ? node["required"] : [];
  const missing = properties.find((name) => !required.includes(name));
  if (missing === undefined) return undefined;
  return new SchemaError(`A strict schema needs every property in 'required': '${missing}' is missing.`, path);
}

function firstOf<T>(list: readonly (T | undefined)[]): T | undefined {
  return list.find((each) => each !== undefined);
}
