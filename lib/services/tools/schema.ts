/** Whether something is a JSON Schema (2020-12) that arguments can be checked by. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";

const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 32;
const meta = new Ajv2020({ strict: false, validateFormats: false });

/** What is wrong, in words, or undefined. Nothing is compiled here, so that no pattern of a stranger's ever runs. */
export function schemaProblem(schema: unknown): string | undefined {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return "A schema is a JSON object.";
  if (JSON.stringify(schema).length > MAX_CHARACTERS) return "A schema has at most 65,536 characters.";
  if (depthOf(schema) > MAX_DEPTH) return `A schema is at most ${MAX_DEPTH} levels deep.`;
  const type = (schema as { type?: unknown }).type;
  if (type !== undefined && type !== "object") return 'Arguments are an object: the schema\'s type must be "object".';
  const reference = remoteReference(schema);
  if (reference !== undefined) return `"${reference}" is no reference inside of this schema: only "#…" can be used.`;
  if (meta.validateSchema(schema) === true) return undefined;
  const [error] = meta.errors ?? [];
  return `This is no JSON Schema: ${error?.instancePath ?? ""} ${error?.message ?? ""}`.replace(/\s+/g, " ").trim();
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const each of Object.values(value)) deepest = Math.max(deepest, depthOf(each));
  return deepest + 1;
}

function remoteReference(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    if ((key === "$ref" || key === "$dynamicRef") && typeof each === "string" && !each.startsWith("#")) return each;
    const inside = remoteReference(each);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

export const toolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, "A name has up to 64 letters, digits, _ and -, without spaces.");

export const toolParameters = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = schemaProblem(schema);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});
