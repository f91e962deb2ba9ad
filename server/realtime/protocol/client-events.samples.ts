/** Client events for tests: valid ones of every type and form, and short ways to make others. */
import { parseClientEvent } from "./client-events";
import type { ClientEvent } from "./client-events";

export interface Refusal {
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly eventId: string | null;
}

/** What the client is told of a bad event. Throws when it was accepted. */
export function refusal(value: unknown): Refusal {
  const parsed = parseClientEvent(value);
  if (parsed.ok) throw new Error(`was accepted: ${JSON.stringify(value)}`);
  const { code, message, param } = parsed.error;
  return { code, message, param, eventId: parsed.eventId };
}

/** The validated event. Throws what was wrong with it. */
export function accepted(value: unknown): ClientEvent {
  const parsed = parseClientEvent(value);
  if (!parsed.ok) throw parsed.error;
  return parsed.event;
}

export const message = (content: unknown, rest: object = {}) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content, ...rest },
});
export const update = (session: object) => ({ type: "session.update", session: { type: "realtime", ...session } });
export const create = (response: object) => ({ type: "response.create", response });

/** One valid event of each type, and more of those with many forms. */
export const validClientEvents: Record<string, unknown>[] = [
  update({ instructions: "Be kind.", audio: { input: { turn_detection: null } } }),
  { type: "input_audio_buffer.append", audio: "AAAA" },
  { type: "input_audio_buffer.commit" },
  { type: "input_audio_buffer.clear" },
  { type: "output_audio_buffer.clear" },
  message([{ type: "input_text", text: "hi" }]),
  { ...message([{ type: "input_audio", audio: "AAAA" }], { id: "a".repeat(32) }), previous_item_id: "root" },
  message([{ type: "input_image", image_url: "https://example.com/a.png", detail: "low" }]),
  {
    type: "conversation.item.create",
    item: { type: "message", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
  },
  {
    type: "conversation.item.create",
    item: { type: "message", role: "system", content: [{ type: "input_text", text: "hi" }] },
  },
  { type: "conversation.item.create", item: { type: "function_call", name: "f", arguments: "{}" } },
  { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_1", output: "1" } },
  {
    type: "conversation.item.create",
    item: { type: "mcp_approval_response", approval_request_id: "item_1", approve: true },
  },
  { type: "conversation.item.retrieve", item_id: "item_1" },
  { type: "conversation.item.truncate", item_id: "item_1", content_index: 0, audio_end_ms: 0 },
  { type: "conversation.item.delete", item_id: "item_1" },
  { type: "response.create" },
  create({
    conversation: "none",
    input: [{ type: "item_reference", id: "item_1" }, message([{ type: "input_text", text: "hi" }]).item],
    output_modalities: ["text"],
    audio: { output: { voice: { id: "voice_1" }, format: { type: "audio/pcmu" } } },
    max_output_tokens: 4096,
    metadata: { topic: "x" },
    tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
    tool_choice: { type: "function", name: "f" },
  }),
  { type: "response.cancel", response_id: "resp_1" },
];
