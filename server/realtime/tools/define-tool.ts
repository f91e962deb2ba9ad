import { z } from "zod";
import { compileSchema } from "./json-schema";
import type { JsonSchema, ServerTool, ToolContext, ToolFiller } from "./types";

export interface ToolOptions<Parameters, Arguments> {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** Tells the model what the tool does and when to use it. */
  readonly description?: string;
  /** Of the arguments: a zod object, whose types `execute` gets, or a JSON Schema. Default: no arguments. */
  readonly parameters?: Parameters;
  /**
   * Runs the tool. What it returns is given to the model: a string as it is, anything else as JSON, undefined as "done".
   * When it throws, the model is told the error's message. `context.signal` aborts when nobody wants the result any more.
   */
  readonly execute: (args: Arguments, context: ToolContext) => unknown;
  /** It changes nothing. Decides the default of `onInterrupt`. Default: false. */
  readonly readOnly?: boolean;
  /** Milliseconds until the call is given up and the model told so. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * What becomes of a running call when somebody speaks over the reply: `cancel` aborts it, `finish` lets it end and the
   * model know. Default: `cancel` for a tool that is `readOnly`, otherwise `finish`.
   */
  readonly onInterrupt?: "cancel" | "finish";
  /** Spoken while the tool takes its time. Default: nothing. */
  readonly filler?: string | ToolFiller;
}

const NAME = /^[\w-]{1,64}$/;
const TIMEOUT_MS = 30_000;

/** A tool that runs on the server. Throws a TypeError or a SchemaError for what cannot be one. */
export function defineTool<Schema extends z.ZodType>(options: ToolOptions<Schema, z.output<Schema>>): ServerTool;
export function defineTool(options: ToolOptions<JsonSchema, Readonly<Record<string, unknown>>>): ServerTool;
export function defineTool(options: ToolOptions<z.ZodType | JsonSchema, never>): ServerTool {
  const { name, description, parameters, readOnly = false, timeoutMs = TIMEOUT_MS, filler } = options;
  if (!NAME.test(name)) throw new TypeError(`"${name}" cannot name a tool: use letters, digits, _ and -, at most 64.`);
  if (!(timeoutMs > 0)) throw new TypeError(`The tool "${name}" has no usable timeoutMs: it must be above 0.`);
  const execute = options.execute as (args: unknown, context: ToolContext) => unknown;
  const common = {
    name,
    description,
    readOnly,
    timeoutMs,
    onInterrupt: options.onInterrupt ?? (readOnly ? "cancel" : "finish"),
    filler: typeof filler === "string" ? { text: filler } : filler,
  } as const;
  if (!isZod(parameters)) {
    const check = parameters === undefined ? () => undefined : compileSchema(parameters);
    return { ...common, parameters, check, execute };
  }
  const schema = jsonSchemaOf(parameters);
  const fits = compileSchema(schema);
  return {
    ...common,
    parameters: schema,
    check: (args) => fits(args) ?? problemOf(parameters, args),
    execute: (args, context) => execute(parameters.parse(args), context),
  };
}

function isZod(value: unknown): value is z.ZodType {
  return typeof value === "object" && value !== null && "_zod" in value;
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

/** What JSON Schema cannot say: refinements and transforms. */
function problemOf(schema: z.ZodType, args: unknown): string | undefined {
  const result = schema.safeParse(args);
  return result.success ? undefined : z.prettifyError(result.error);
}
