/** Tools, and how the model is told to use them: the same in a session and in a single response. */
import { z } from "zod";

const mcpToolFilter = z.strictObject({
  read_only: z.boolean().optional(),
  tool_names: z.array(z.string()).optional(),
});

export const functionTool = z
  .strictObject({
    type: z.literal("function").optional(),
    name: z.string().min(1).max(128),
    description: z.string().optional(),
    /** JSON Schema of the arguments. */
    parameters: z.record(z.string(), z.unknown()).optional(),
    /** Beyond the official realtime shape, as in its other APIs: the arguments follow the schema to the letter. */
    strict: z.boolean().optional(),
  })
  .transform((tool) => ({ ...tool, type: "function" as const }));

const mcpTool = z.strictObject({
  type: z.literal("mcp"),
  server_label: z.string().min(1).max(256),
  allowed_callers: z.array(z.enum(["direct", "programmatic"])).nullish(),
  allowed_tools: z.union([z.array(z.string()), mcpToolFilter]).nullish(),
  authorization: z.string().optional(),
  connector_id: z
    .enum([
      "connector_dropbox",
      "connector_gmail",
      "connector_googlecalendar",
      "connector_googledrive",
      "connector_microsoftteams",
      "connector_outlookcalendar",
      "connector_outlookemail",
      "connector_sharepoint",
    ])
    .optional(),
  defer_loading: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).nullish(),
  require_approval: z
    .union([
      z.enum(["always", "never"]),
      z.strictObject({ always: mcpToolFilter.optional(), never: mcpToolFilter.optional() }),
    ])
    .nullish(),
  server_description: z.string().optional(),
  server_url: z.string().optional(),
  tunnel_id: z.string().optional(),
});

/** A tool without a `type` is a function, as in the official types. */
export const tool = z.discriminatedUnion("type", [functionTool, mcpTool]);
export const tools = z.array(tool).max(128);
export type Tool = z.output<typeof tool>;
export type FunctionToolConfig = Extract<Tool, { type: "function" }>;
export type McpToolConfig = Extract<Tool, { type: "mcp" }>;

export const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("function"), name: z.string().min(1) }),
    z.strictObject({ type: z.literal("mcp"), server_label: z.string().min(1), name: z.string().nullish() }),
  ]),
]);
export type ToolChoiceConfig = z.infer<typeof toolChoice>;

const cacheBreakpoint = z
  .strictObject({ mode: z.literal("explicit"), ttl: z.enum(["30m", "12h"]).optional() })
  .optional();

const promptVariable = z.union([
  z.string(),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("input_text"), text: z.string(), prompt_cache_breakpoint: cacheBreakpoint }),
    z.strictObject({
      type: z.literal("input_image"),
      detail: z.enum(["low", "high", "auto", "original"]),
      file_id: z.string().nullish(),
      image_url: z.string().nullish(),
      prompt_cache_breakpoint: cacheBreakpoint,
    }),
    z.strictObject({
      type: z.literal("input_file"),
      detail: z.enum(["low", "high", "auto"]).optional(),
      file_data: z.string().optional(),
      file_id: z.string().nullish(),
      file_url: z.string().optional(),
      filename: z.string().optional(),
      prompt_cache_breakpoint: cacheBreakpoint,
    }),
  ]),
]);

/** Reference to a stored prompt and the values of its variables. */
export const prompt = z.strictObject({
  id: z.string().min(1),
  variables: z.record(z.string(), promptVariable).nullish(),
  version: z.string().nullish(),
});
export type PromptReference = z.infer<typeof prompt>;

export const reasoning = z.strictObject({
  effort: z.enum(["minimal", "low", "medium", "high", "xhigh"]).optional(),
});
export type Reasoning = z.infer<typeof reasoning>;
