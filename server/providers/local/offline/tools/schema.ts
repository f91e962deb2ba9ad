/** JSON Schema as far as it says what to put into an argument. Whatever is odd in it is overlooked. */
export interface Schema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "null" | undefined;
  /** The values that may be chosen from; empty when any will do. */
  readonly choices: readonly unknown[];
  readonly hasDefault: boolean;
  readonly default: unknown;
  readonly format: string | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly description: string;
  readonly properties: readonly Property[];
  /** Of an array. */
  readonly items: unknown;
}

export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly schema: unknown;
}

const TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"] as const;

export function readSchema(raw: unknown): Schema {
  const schema = resolved(record(raw));
  const properties = record(schema.properties);
  const required = list(schema.required);
  const choices = Object.hasOwn(schema, "const") ? [schema.const] : list(schema.enum);
  return {
    type: typeOf(schema),
    choices,
    hasDefault: Object.hasOwn(schema, "default"),
    default: schema.default,
    format: text(schema.format),
    minimum: numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum),
    maximum: numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum),
    description: text(schema.description) ?? "",
    properties: Object.entries(properties).map(([name, each]) => ({
      name,
      required: required.includes(name),
      schema: each,
    })),
    items: schema.items,
  };
}

/** Of alternatives, the first that is not null. */
function resolved(schema: Record<string, unknown>): Record<string, unknown> {
  const alternatives = [...list(schema.anyOf), ...list(schema.oneOf), ...list(schema.allOf)].map(record);
  const chosen = alternatives.find((each) => each.type !== "null");
  return chosen ? { ...chosen, ...schema } : schema;
}

function typeOf(schema: Record<string, unknown>): Schema["type"] {
  const named = list(schema.type).length > 0 ? list(schema.type) : [schema.type];
  const type = TYPES.find((each) => each !== "null" && named.includes(each));
  if (type) return type;
  if (schema.properties !== undefined) return "object";
  return named.includes("null") ? "null" : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
