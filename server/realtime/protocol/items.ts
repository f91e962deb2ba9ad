/** Conversation items: as clients send them (`ItemInput`), and as they are kept and sent (`Item`). */
import { z } from "zod";
import { audioBase64, itemId, itemStatus } from "./primitives";

// ---------------------------------------------------------------- what clients send

/** Some clients write null for what they leave out. */
const absentAsNull = <T>(value: T | null): T | undefined => value ?? undefined;
export const optionalText = z.string().nullable().transform(absentAsNull).optional();
export const optionalAudio = audioBase64.nullable().transform(absentAsNull).optional();

export const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() });
const inputImage = z.strictObject({
  type: z.literal("input_image"),
  /** A data URI or a URL. */
  image_url: z.string().min(1),
  detail: z.enum(["auto", "low", "high"]).optional(),
});
const outputText = z.strictObject({ type: z.literal("output_text"), text: z.string() });

const userContentInput = z.discriminatedUnion("type", [
  inputText,
  z.strictObject({ type: z.literal("input_audio"), audio: optionalAudio, transcript: optionalText }),
  inputImage,
]);
const assistantContentInput = z.discriminatedUnion("type", [
  outputText,
  z.strictObject({ type: z.literal("output_audio"), audio: optionalAudio, transcript: optionalText }),
]);

/** What every item may carry when a client sends it. */
export const inputBase = {
  id: itemId.optional(),
  object: z.literal("realtime.item").optional(),
  status: itemStatus.optional(),
};

const messageInput = z.discriminatedUnion("role", [
  z.strictObject({ ...inputBase, type: z.literal("message"), role: z.literal("system"), content: z.array(inputText) }),
  z.strictObject({
    ...inputBase,
    type: z.literal("message"),
    role: z.literal("user"),
    content: z.array(userContentInput),
  }),
  z.strictObject({
    ...inputBase,
    type: z.literal("message"),
    role: z.literal("assistant"),
    content: z.array(assistantContentInput),
  }),
]);

export const functionCallFields = { type: z.literal("function_call"), name: z.string(), arguments: z.string() };
export const functionOutputFields = {
  type: z.literal("function_call_output"),
  call_id: z.string(),
  output: z.string(),
};
const mcpApprovalResponseFields = {
  type: z.literal("mcp_approval_response"),
  approval_request_id: z.string(),
  approve: z.boolean(),
  reason: z.string().nullish(),
};
const mcpApprovalRequestFields = {
  type: z.literal("mcp_approval_request"),
  server_label: z.string(),
  name: z.string(),
  arguments: z.string(),
};
const mcpListToolsFields = {
  type: z.literal("mcp_list_tools"),
  server_label: z.string(),
  tools: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string().nullish(),
      input_schema: z.unknown(),
      annotations: z.unknown().optional(),
    }),
  ),
};
const mcpCallFields = {
  type: z.literal("mcp_call"),
  server_label: z.string(),
  name: z.string(),
  arguments: z.string(),
  approval_request_id: z.string().nullish(),
  output: z.string().nullish(),
  error: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("protocol_error"), code: z.number(), message: z.string() }),
      z.strictObject({ type: z.literal("tool_execution_error"), message: z.string() }),
      z.strictObject({ type: z.literal("http_error"), code: z.number(), message: z.string() }),
    ])
    .nullish(),
};

const otherInputs = [
  z.strictObject({ ...inputBase, ...functionCallFields, call_id: z.string().optional() }),
  z.strictObject({ ...inputBase, ...functionOutputFields }),
  z.strictObject({ ...inputBase, ...mcpApprovalResponseFields }),
  z.strictObject({ ...inputBase, ...mcpApprovalRequestFields }),
  z.strictObject({ ...inputBase, ...mcpListToolsFields }),
  z.strictObject({ ...inputBase, ...mcpCallFields }),
] as const;

/** `item` of `conversation.item.create`. */
export const itemInput = z.discriminatedUnion("type", [messageInput, ...otherInputs]);
export type ItemInput = z.output<typeof itemInput>;

export const itemReference = z.strictObject({ type: z.literal("item_reference"), id: z.string().min(1) });
export type ItemReference = z.output<typeof itemReference>;

/** An element of `response.input`. */
export const responseInputItem = z.discriminatedUnion("type", [messageInput, ...otherInputs, itemReference]);
export type ResponseInputItem = z.output<typeof responseInputItem>;

// ---------------------------------------------------------------- what is kept and sent

const inputAudio = z.strictObject({
  type: z.literal("input_audio"),
  /** Base64; only when the item was retrieved. */
  audio: z.string().optional(),
  /** Null until, or unless, somebody transcribed it. */
  transcript: z.string().nullable(),
});
const outputAudio = z.strictObject({
  type: z.literal("output_audio"),
  /** Base64; only when the item was retrieved. */
  audio: z.string().optional(),
  transcript: z.string(),
});

const storedBase = {
  id: z.string().min(1),
  object: z.literal("realtime.item"),
  status: itemStatus,
};

const systemMessage = z.strictObject({
  ...storedBase,
  type: z.literal("message"),
  role: z.literal("system"),
  content: z.array(inputText),
});
const userMessage = z.strictObject({
  ...storedBase,
  type: z.literal("message"),
  role: z.literal("user"),
  content: z.array(z.discriminatedUnion("type", [inputText, inputAudio, inputImage])),
});
const assistantMessage = z.strictObject({
  ...storedBase,
  type: z.literal("message"),
  role: z.literal("assistant"),
  content: z.array(z.discriminatedUnion("type", [outputText, outputAudio])),
});

/** An item as the conversation keeps it and as server events carry it. */
export const item = z.discriminatedUnion("type", [
  z.discriminatedUnion("role", [systemMessage, userMessage, assistantMessage]),
  z.strictObject({ ...storedBase, ...functionCallFields, call_id: z.string() }),
  z.strictObject({ ...storedBase, ...functionOutputFields }),
  z.strictObject({ ...storedBase, ...mcpApprovalResponseFields }),
  z.strictObject({ ...storedBase, ...mcpApprovalRequestFields }),
  z.strictObject({ ...storedBase, ...mcpListToolsFields }),
  z.strictObject({ ...storedBase, ...mcpCallFields }),
]);
export type Item = z.output<typeof item>;

export type InputTextPart = z.output<typeof inputText>;
export type InputAudioPart = z.output<typeof inputAudio>;
export type InputImagePart = z.output<typeof inputImage>;
export type OutputTextPart = z.output<typeof outputText>;
export type OutputAudioPart = z.output<typeof outputAudio>;
export type ContentPart = InputTextPart | InputAudioPart | InputImagePart | OutputTextPart | OutputAudioPart;

export type SystemMessageItem = z.output<typeof systemMessage>;
export type UserMessageItem = z.output<typeof userMessage>;
export type AssistantMessageItem = z.output<typeof assistantMessage>;
export type MessageItem = SystemMessageItem | UserMessageItem | AssistantMessageItem;
export type FunctionCallItem = Extract<Item, { type: "function_call" }>;
export type McpCallItem = Extract<Item, { type: "mcp_call" }>;
export type FunctionCallOutputItem = Extract<Item, { type: "function_call_output" }>;
