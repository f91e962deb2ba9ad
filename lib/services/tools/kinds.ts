/** What each kind of tool needs, as the dashboard edits it. */
import { z } from "zod";
import { toolName, toolParameters } from "./schema";

const target = z.url({ protocol: /^https?$/, error: "Enter a URL that begins with https:// or http://." }).max(2000);
const headers = z.record(z.string().regex(/^[\w-]{1,64}$/), z.string().max(2000)).default({});

export const webhookConfig = z.strictObject({
  url: target,
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  /** Only what may run twice is tried again. */
  idempotent: z.boolean().default(false),
  /** May begin before a turn is certain to have ended. */
  readOnly: z.boolean().default(false),
  headers,
});
export const mcpConfig = z.strictObject({
  url: target,
  /** Null: all that the server lists. */
  allowedTools: z.array(z.string().max(200)).max(128).nullable().default(null),
  approval: z.enum(["always", "never"]).default("always"),
  headers,
});
export const clientConfig = z.strictObject({}).default({});

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
    /** Sent as `Authorization: Bearer`. Never shown again. */
    token: z.string().min(1).max(4_000).optional(),
  }),
]);
export type ToolInput = z.output<typeof toolInput>;
