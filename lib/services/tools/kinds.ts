/** What each kind of tool needs: as the dashboard edits it, and as rows keep it. */
import { z } from "zod";
import { toolName, toolParameters } from "./schema";

const target = z.url({ protocol: /^https?$/, error: "Enter a URL that begins with https:// or http://." }).max(2000);
const headerName = z.string().regex(/^[\w-]{1,64}$/, "A header's name has letters, digits, _ and -.");
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, "A header's value is one line of plain text.");
/** Null: as it was. Left out as a whole: all as they were. */
const headers = z.record(headerName, headerValue.max(2000).nullable()).optional();

const webhookBase = {
  url: target,
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  /** Only what may run twice is tried again. */
  idempotent: z.boolean().default(false),
  /** Changes nothing: it is given up when somebody speaks over the reply. No tool ever runs on a guess. */
  readOnly: z.boolean().default(false),
};
const mcpBase = {
  url: target,
  transport: z.enum(["auto", "streamable", "sse"]).default("auto"),
  /** Null: all that the server lists. */
  allowedTools: z.array(z.string().max(200)).max(128).nullable().default(null),
  /** Whether a person is asked before a call: with `never`, but for those. */
  approval: z
    .union([
      z.enum(["always", "never"]),
      z.strictObject({
        never: z.strictObject({
          tool_names: z.array(z.string().max(200)).max(128).optional(),
          read_only: z.boolean().optional(),
        }),
      }),
    ])
    .default("always"),
};
/** Values are sealed beside it. `headers` are those of rows from before that. */
const keptHeaders = {
  headerNames: z.array(z.string()).default([]),
  headers: z.record(z.string(), z.string()).default({}),
};

export const webhookConfig = z.strictObject({ ...webhookBase, headers });
export const mcpConfig = z.strictObject({ ...mcpBase, headers });
export const clientConfig = z.strictObject({}).default({});
export const keptWebhook = z.object({ ...webhookBase, ...keptHeaders });
export const keptMcp = z.object({ ...mcpBase, ...keptHeaders });

const description = z.string().trim().max(2_000).default("");
const enabled = z.boolean().default(true);
const base = { name: toolName, description, enabled };

export const toolInput = z.discriminatedUnion("kind", [
  z.strictObject({ ...base, kind: z.literal("client"), parameters: toolParameters, config: clientConfig }),
  z.strictObject({ ...base, kind: z.literal("webhook"), parameters: toolParameters, config: webhookConfig }),
  z.strictObject({
    ...base,
    kind: z.literal("mcp"),
    parameters: toolParameters.default({}),
    config: mcpConfig,
    /** Sent as `Authorization: Bearer`. Never shown again. Left out: as it was; null: none. */
    token: headerValue.min(1).max(4_000).nullish(),
  }),
]);
export type ToolInput = z.output<typeof toolInput>;
export type McpApprovalRule = z.output<typeof keptMcp>["approval"];
