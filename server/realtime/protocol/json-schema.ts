/** Our schemas as JSON Schema (2020-12), for the documents that describe the API. */
import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a document keeps the schemas that have a name. */
const COMPONENTS = "#/components/schemas/";

/** Names schemas, and refers to them by name from then on: a schema that occurs in many places is written once. */
export class SchemaCollection {
  private readonly names = new Map<z.ZodType, string>();
  private readonly registry = z.registry<{ id: string }>();

  /** A reference to `schema`, which is called `name` unless it has a name already. */
  ref(name: string, schema: z.ZodType): { readonly $ref: string } {
    const known = this.names.get(schema) ?? name;
    if (!this.names.has(schema)) {
      this.names.set(schema, known);
      this.registry.add(schema, { id: known });
    }
    return { $ref: COMPONENTS + known };
  }

  /** Every schema that was named, by its name, as what may be sent: not what is made of it. */
  toJson(): Record<string, JsonSchema> {
    const { schemas } = z.toJSONSchema(this.registry, {
      io: "input",
      unrepresentable: "any",
      uri: (id) => COMPONENTS + id,
    });
    return Object.fromEntries(
      Object.entries(schemas).map(([name, { $schema: _dialect, $id: _place, id: _name, ...schema }]) => [name, schema]),
    );
  }
}
