/** Arguments to begin with when a tool is tried: made from its schema, the same every time. */
type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 8;
const MAX_ITEMS = 5;
const BY_FORMAT: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  time: "12:00:00Z",
  email: "ada@example.com",
  uri: "https://example.com/",
  uuid: "3d2b3a9e-6f0b-4b67-9c46-2f6c6c1d4f10",
};

/** Fits every schema that says what it wants by types, bounds, choices and references; patterns are left to people. */
export function sampleArguments(schema: Schema): Record<string, unknown> {
  const sample = sampleOf(schema, { root: schema, depth: 0 });
  return isObject(sample) ? { ...sample } : {};
}

interface Place {
  readonly root: Schema;
  readonly depth: number;
}

function sampleOf(schema: unknown, place: Place): unknown {
  if (!isObject(schema) || place.depth > MAX_DEPTH) return isObject(schema) ? emptyOf(schema) : {};
  const inner = { ...place, depth: place.depth + 1 };
  const given = givenBy(schema);
  if (given !== undefined) return given.value;
  if (typeof schema["$ref"] === "string") return sampleOf(resolve(schema["$ref"], place.root), inner);
  const [choice] = [schema["anyOf"], schema["oneOf"]].flatMap((each) => (Array.isArray(each) ? each : []));
  if (choice !== undefined && typeOf(schema) === undefined) return sampleOf(choice, inner);
  const parts = Array.isArray(schema["allOf"]) ? schema["allOf"].map((part) => sampleOf(part, inner)) : [];
  if (parts.length > 0 && !parts.every(isObject)) return parts[0];
  if (parts.length > 0) return Object.assign({}, ...parts, objectOf(schema, inner));
  return byType(schema, inner);
}

/** What the schema says itself. */
function givenBy(schema: Schema): { readonly value: unknown } | undefined {
  if ("const" in schema) return { value: schema["const"] };
  if ("default" in schema) return { value: schema["default"] };
  for (const list of [schema["examples"], schema["enum"]])
    if (Array.isArray(list) && list.length > 0) return { value: list[0] };
  return undefined;
}

function byType(schema: Schema, place: Place): unknown {
  switch (typeOf(schema)) {
    case "object":
      return objectOf(schema, place);
    case "array":
      return arrayOf(schema, place);
    case "number":
    case "integer":
      return numberOf(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return stringOf(schema);
  }
}

function typeOf({ type, properties, items }: Schema): unknown {
  if (Array.isArray(type)) return type.find((each) => each !== "null") ?? "null";
  if (type !== undefined) return type;
  if (properties !== undefined) return "object";
  return items === undefined ? undefined : "array";
}

function objectOf({ properties }: Schema, place: Place): Record<string, unknown> {
  if (!isObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, sampleOf(each, place)]));
}

function arrayOf({ prefixItems, items, minItems }: Schema, place: Place): unknown[] {
  const first = Array.isArray(prefixItems) ? prefixItems.map((each) => sampleOf(each, place)) : [];
  const wanted = Math.min(Math.max(amount(minItems) ?? 1, 1), MAX_ITEMS) - first.length;
  if (!isObject(items)) return first;
  return [...first, ...Array.from({ length: Math.max(wanted, 0) }, () => sampleOf(items, place))];
}

function numberOf({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: Schema): number {
  const above = amount(exclusiveMinimum);
  const below = amount(exclusiveMaximum);
  const least =
    amount(minimum) ?? (above === undefined ? undefined : above + (below === undefined ? 1 : (below - above) / 2));
  const most = amount(maximum) ?? (below === undefined ? undefined : below - 1);
  const value = least ?? Math.min(1, most ?? 1);
  const step = amount(multipleOf) ?? (type === "integer" ? 1 : undefined);
  return step === undefined || step <= 0 ? value : Math.ceil(value / step) * step;
}

function stringOf({ format, minLength, maxLength }: Schema): string {
  const text = (typeof format === "string" ? BY_FORMAT[format] : undefined) ?? "example";
  return text.padEnd(Math.min(amount(minLength) ?? 0, 1_000), "x").slice(0, amount(maxLength));
}

function emptyOf(schema: Schema): unknown {
  return typeOf(schema) === "array" ? [] : typeOf(schema) === "object" ? {} : stringOf(schema);
}

/** `#/$defs/city`. */
function resolve(reference: string, root: Schema): unknown {
  if (!reference.startsWith("#")) return {};
  const parts = reference.slice(1).split("/").slice(1);
  return parts.reduce<unknown>((at, part) => {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return isObject(at) || Array.isArray(at) ? (at as Schema)[key] : undefined;
  }, root);
}

function amount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
