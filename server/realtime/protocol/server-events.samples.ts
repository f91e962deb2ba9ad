/** Server events for tests: one of each type. */
import type { Item } from "./items";
import type { ResponseResource } from "./responses";
import type { ServerEventOf, ServerEventType } from "./server-events";
import { defaultSessionConfig, toSessionResource } from "./session-config";

const session = toSessionResource(defaultSessionConfig({ model: "gpt-realtime", voice: "marin" }), {
  id: "sess_1",
  expiresAt: 1_800_000_000,
});
const userItem: Item = {
  id: "item_1",
  object: "realtime.item",
  type: "message",
  status: "completed",
  role: "user",
  content: [
    { type: "input_audio", transcript: null },
    { type: "input_text", text: "hi" },
    { type: "input_image", image_url: "data:image/png;base64,AAAA" },
  ],
};
export const callItem: Item = {
  id: "item_2",
  object: "realtime.item",
  type: "function_call",
  status: "in_progress",
  call_id: "call_1",
  name: "f",
  arguments: "",
};
const response: ResponseResource = {
  object: "realtime.response",
  id: "resp_1",
  status: "in_progress",
  status_details: null,
  output: [],
  conversation_id: "conv_1",
  output_modalities: ["audio"],
  max_output_tokens: "inf",
  audio: { output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "marin" } },
  usage: null,
  metadata: null,
};
const finished: ResponseResource = {
  ...response,
  status: "incomplete",
  status_details: { type: "incomplete", reason: "max_output_tokens" },
  output: [{ ...userItem, role: "assistant", content: [{ type: "output_audio", transcript: "Hello." }] }, callItem],
  usage: {
    total_tokens: 3,
    input_tokens: 1,
    output_tokens: 2,
    input_token_details: {
      text_tokens: 1,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: 0,
      cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: 1, audio_tokens: 1 },
  },
  metadata: { topic: "greeting" },
};

const placed = { item: userItem, previous_item_id: null };
const inResponse = { response_id: "resp_1", item_id: "item_1", output_index: 0 };
const inContent = { ...inResponse, content_index: 0 };
const inItem = { item_id: "item_1", content_index: 0 };
const error = { type: "invalid_request_error", code: null, message: "No.", param: null, event_id: "mine" };

type Bodies = { [T in ServerEventType]: Omit<ServerEventOf<T>, "type" | "event_id"> };
const bodies: Bodies = {
  "session.created": { session },
  "session.updated": { session },
  "session.closed": {},
  "session.input_transcript.delta": { delta: "hello", elapsed_ms: 200 },
  "session.output_transcript.delta": { delta: "hola", elapsed_ms: 400 },
  "session.output_audio.delta": {
    delta: "AAAA",
    elapsed_ms: 400,
    channels: 1,
    format: "pcm16",
    sample_rate: 24_000,
  },
  error: { error },
  "rate_limits.updated": { rate_limits: [{ name: "tokens", limit: 1, remaining: 1, reset_seconds: 0.5 }] },
  "conversation.created": { conversation: { id: "conv_1", object: "realtime.conversation" } },
  "conversation.item.created": placed,
  "conversation.item.added": { item: callItem, previous_item_id: "item_1" },
  "conversation.item.done": placed,
  "conversation.item.retrieved": { item: userItem },
  "conversation.item.deleted": { item_id: "item_1" },
  "conversation.item.truncated": { ...inItem, audio_end_ms: 120 },
  "conversation.item.input_audio_transcription.delta": { ...inItem, delta: "he" },
  "conversation.item.input_audio_transcription.completed": {
    ...inItem,
    transcript: "hello",
    logprobs: [{ token: "hello", logprob: -0.1, bytes: [104] }],
    usage: { type: "duration", seconds: 1.2 },
  },
  "conversation.item.input_audio_transcription.failed": { ...inItem, error: { type: "server_error", message: "No." } },
  "conversation.item.input_audio_transcription.segment": {
    ...inItem,
    id: "seg_1",
    text: "a",
    speaker: "A",
    start: 0,
    end: 1.5,
  },
  "input_audio_buffer.committed": { item_id: "item_1", previous_item_id: null },
  "input_audio_buffer.cleared": {},
  "input_audio_buffer.speech_started": { item_id: "item_1", audio_start_ms: 0 },
  "input_audio_buffer.speech_stopped": { item_id: "item_1", audio_end_ms: 900 },
  "input_audio_buffer.timeout_triggered": { item_id: "item_1", audio_start_ms: 0, audio_end_ms: 5000 },
  "input_audio_buffer.dtmf_event_received": { event: "5", received_at: 1_800_000_000 },
  "output_audio_buffer.started": { response_id: "resp_1" },
  "output_audio_buffer.stopped": { response_id: "resp_1" },
  "output_audio_buffer.cleared": { response_id: "resp_1" },
  "response.created": { response },
  "response.done": { response: finished },
  "response.output_item.added": { response_id: "resp_1", output_index: 0, item: callItem },
  "response.output_item.done": { response_id: "resp_1", output_index: 0, item: callItem },
  "response.content_part.added": { ...inContent, part: { type: "audio", transcript: "" } },
  "response.content_part.done": { ...inContent, part: { type: "text", text: "Hello." } },
  "response.output_text.delta": { ...inContent, delta: "He" },
  "response.output_text.done": { ...inContent, text: "Hello." },
  "response.output_audio.delta": { ...inContent, delta: "AAAA" },
  "response.output_audio.done": inContent,
  "response.output_audio_transcript.delta": { ...inContent, delta: "He" },
  "response.output_audio_transcript.done": { ...inContent, transcript: "Hello." },
  "response.function_call_arguments.delta": { ...inResponse, call_id: "call_1", delta: "{" },
  "response.function_call_arguments.done": { ...inResponse, call_id: "call_1", name: "f", arguments: "{}" },
  "mcp_list_tools.in_progress": { item_id: "item_1" },
  "mcp_list_tools.completed": { item_id: "item_1" },
  "mcp_list_tools.failed": { item_id: "item_1" },
  "response.mcp_call_arguments.delta": { ...inResponse, delta: "{", obfuscation: "x" },
  "response.mcp_call_arguments.done": { ...inResponse, arguments: "{}" },
  "response.mcp_call.in_progress": { item_id: "item_1", output_index: 0 },
  "response.mcp_call.completed": { item_id: "item_1", output_index: 0 },
  "response.mcp_call.failed": { item_id: "item_1", output_index: 0 },
};
export const serverEventSamples: Record<string, unknown>[] = Object.entries(bodies).map(([type, body]) => ({
  type,
  event_id: "event_1",
  ...body,
}));
