/** Conversation items as beta clients know them: no images, no MCP, and an assistant's parts under older names. */
import { z } from "zod";
import {
  functionCallFields,
  functionOutputFields,
  inputBase,
  inputText,
  itemReference,
  optionalAudio,
  optionalText,
} from "../items";
import type { ContentPart, Item, ItemInput, ResponseInputItem } from "../items";
import { itemStatus } from "../primitives";

// ---------------------------------------------------------------- what clients send

const text = z.strictObject({ type: z.literal("text"), text: z.string() });

const userPart = z.discriminatedUnion("type", [
  inputText,
  z.strictObject({ type: z.literal("input_audio"), audio: optionalAudio, transcript: optionalText }),
]);
const assistantPart = z.discriminatedUnion("type", [
  text,
  z.strictObject({ type: z.literal("audio"), audio: optionalAudio, transcript: optionalText }),
]);

const message = { ...inputBase, type: z.literal("message") };
const messageInput = z.discriminatedUnion("role", [
  z.strictObject({ ...message, role: z.literal("system"), content: z.array(inputText) }),
  z.strictObject({ ...message, role: z.literal("user"), content: z.array(userPart) }),
  z.strictObject({ ...message, role: z.literal("assistant"), content: z.array(assistantPart) }),
]);
const functionCallInput = z.strictObject({ ...inputBase, ...functionCallFields, call_id: z.string().optional() });
const functionOutputInput = z.strictObject({ ...inputBase, ...functionOutputFields });

const plainInput = z.discriminatedUnion("type", [messageInput, functionCallInput, functionOutputInput]);
const plainOrReference = z.discriminatedUnion("type", [
  messageInput,
  functionCallInput,
  functionOutputInput,
  itemReference,
]);

export const itemInput = plainInput.transform(toGaItem);
export const responseInputItem = plainOrReference.transform((item): ResponseInputItem =>
  item.type === "item_reference" ? item : toGaItem(item),
);

function toGaItem(item: z.output<typeof plainInput>): ItemInput {
  if (item.type !== "message" || item.role !== "assistant") return item;
  return {
    ...item,
    content: item.content.map((part) =>
      part.type === "text" ? { ...part, type: "output_text" as const } : { ...part, type: "output_audio" as const },
    ),
  };
}

// ---------------------------------------------------------------- what clients are told

const storedBase = { id: z.string().min(1), object: z.literal("realtime.item"), status: itemStatus };
const storedMessage = { ...storedBase, type: z.literal("message") };

const storedPart = z.discriminatedUnion("type", [
  inputText,
  z.strictObject({ type: z.literal("input_audio"), audio: z.string().optional(), transcript: z.string().nullable() }),
  text,
  z.strictObject({ type: z.literal("audio"), audio: z.string().optional(), transcript: z.string() }),
]);

export const betaItem = z.discriminatedUnion("type", [
  z.strictObject({
    ...storedMessage,
    role: z.enum(["system", "user", "assistant"]),
    content: z.array(storedPart),
  }),
  z.strictObject({ ...storedBase, ...functionCallFields, call_id: z.string() }),
  z.strictObject({ ...storedBase, ...functionOutputFields }),
]);
export type BetaItem = z.output<typeof betaItem>;
type BetaPart = z.output<typeof storedPart>;

/** Null for what has no word in this dialect. */
export function toBetaItem(item: Item): BetaItem | null {
  switch (item.type) {
    case "message":
      return { ...item, content: item.content.map(toBetaPart) };
    case "function_call":
    case "function_call_output":
      return item;
    case "mcp_approval_request":
    case "mcp_approval_response":
    case "mcp_call":
    case "mcp_list_tools":
      return null;
    default:
      return item satisfies never;
  }
}

function toBetaPart(part: ContentPart): BetaPart {
  switch (part.type) {
    case "input_text":
    case "input_audio":
      return part;
    case "input_image":
      // Something must stand here: later parts are found by their index.
      return { type: "input_text", text: "[image]" };
    case "output_text":
      return { ...part, type: "text" };
    case "output_audio":
      return { ...part, type: "audio" };
    default:
      return part satisfies never;
  }
}
