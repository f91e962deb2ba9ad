/** For property tests: any value that a schema allows, optional fields and all. */
import fc from "fast-check";
import { z } from "zod";

interface Node {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly $defs?: Readonly<Record<string, Node>>;
}

/** What refinements refuse is tried again. */
export function arbitraryOf<T>(schema: z.ZodType<T>): fc.Arbitrary<T> {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "ref" }) as Node;
  return arbitrary(root, root)
    .map((value) => schema.safeParse(value))
    .filter((result) => result.success)
    .map((result) => result.data);
}

function arbitrary(node: Node, root: Node): fc.Arbitrary<unknown> {
  const of = (child: Node): fc.Arbitrary<unknown> => arbitrary(child, root);
  if (node.$ref !== undefined) return of(root.$defs?.[node.$ref.replace("#/$defs/", "")] ?? {});
  if ("const" in node) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const branches = node.anyOf ?? node.oneOf;
  if (branches) return fc.oneof(...branches.map(of));
  if (Array.isArray(node.type)) return fc.oneof(...node.type.map((type: string) => of({ ...node, type })));
  switch (node.type) {
    case "object":
      return object(node, of);
    case "array":
      return fc.array(of(node.items ?? {}), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? 2, 2),
      });
    case "string":
      return fc.string({ minLength: node.minLength ?? 0, maxLength: 12 });
    case "integer":
      return known(node) ?? fc.integer({ min: bounded(node.minimum, 0), max: bounded(node.maximum, 100_000) });
    case "number":
      return fc.integer({ min: Math.ceil(node.minimum ?? 0), max: Math.floor(node.maximum ?? 1_000) });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

/** The rates of PCM are a refinement, which chance would never meet. */
function known({ minimum, maximum }: Node): fc.Arbitrary<number> | undefined {
  return minimum === 8_000 && maximum === 48_000 ? fc.constantFrom(8_000, 16_000, 24_000, 48_000) : undefined;
}

function bounded(bound: number | undefined, otherwise: number): number {
  return bound === undefined || Math.abs(bound) > 1e9 ? otherwise : bound;
}

function object(node: Node, of: (child: Node) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = node;
  if (Object.keys(properties).length === 0 && typeof additionalProperties === "object") {
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), of(additionalProperties), { maxKeys: 2 });
  }
  const model = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, of(child)]));
  return fc.record(model, { requiredKeys: [...required] });
}
