import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryOf } from "../arbitrary";
import { serverEventSchemas, type ServerEvent, type ServerEventType } from "../server-events";
import { serverEventSamples } from "../server-events.samples";
import { BetaDialect } from "./dialect";
import { checkBetaEvent, type BetaServerEventType } from "./server-events";

const dialect = () => new BetaDialect({ conversationId: () => "conv_1" });
const told = (event: unknown, by = dialect()) =>
  by.encode(event as ServerEvent).map((frame) => JSON.parse(frame) as Record<string, unknown>);
const sample = (type: ServerEventType) => serverEventSamples.find((event) => event["type"] === type) ?? {};

const MEANINGS: { readonly [T in ServerEventType]: readonly BetaServerEventType[] } = {
  "session.created": ["session.created", "conversation.created"],
  "session.updated": ["session.updated"],
  "session.closed": [],
  "session.input_transcript.delta": [],
  "session.output_transcript.delta": [],
  "session.output_audio.delta": [],
  error: ["error"],
  "rate_limits.updated": ["rate_limits.updated"],
  "conversation.created": ["conversation.created"],
  "conversation.item.created": ["conversation.item.created"],
  "conversation.item.added": ["conversation.item.created"],
  "conversation.item.done": [],
  "conversation.item.retrieved": ["conversation.item.retrieved"],
  "conversation.item.deleted": ["conversation.item.deleted"],
  "conversation.item.truncated": ["conversation.item.truncated"],
  "conversation.item.input_audio_transcription.delta": ["conversation.item.input_audio_transcription.delta"],
  "conversation.item.input_audio_transcription.completed": ["conversation.item.input_audio_transcription.completed"],
  "conversation.item.input_audio_transcription.failed": ["conversation.item.input_audio_transcription.failed"],
  "conversation.item.input_audio_transcription.segment": [],
  "input_audio_buffer.committed": ["input_audio_buffer.committed"],
  "input_audio_buffer.cleared": ["input_audio_buffer.cleared"],
  "input_audio_buffer.speech_started": ["input_audio_buffer.speech_started"],
  "input_audio_buffer.speech_stopped": ["input_audio_buffer.speech_stopped"],
  "input_audio_buffer.timeout_triggered": [],
  "input_audio_buffer.dtmf_event_received": [],
  "output_audio_buffer.started": ["output_audio_buffer.started"],
  "output_audio_buffer.stopped": ["output_audio_buffer.stopped"],
  "output_audio_buffer.cleared": ["output_audio_buffer.cleared"],
  "response.created": ["response.created"],
  "response.done": ["response.done"],
  "response.output_item.added": ["response.output_item.added"],
  "response.output_item.done": ["response.output_item.done"],
  "response.content_part.added": ["response.content_part.added"],
  "response.content_part.done": ["response.content_part.done"],
  "response.output_text.delta": ["response.text.delta"],
  "response.output_text.done": ["response.text.done"],
  "response.output_audio.delta": ["response.audio.delta"],
  "response.output_audio.done": ["response.audio.done"],
  "response.output_audio_transcript.delta": ["response.audio_transcript.delta"],
  "response.output_audio_transcript.done": ["response.audio_transcript.done"],
  "response.function_call_arguments.delta": ["response.function_call_arguments.delta"],
  "response.function_call_arguments.done": ["response.function_call_arguments.done"],
  "mcp_list_tools.in_progress": [],
  "mcp_list_tools.completed": [],
  "mcp_list_tools.failed": [],
  "response.mcp_call_arguments.delta": [],
  "response.mcp_call_arguments.done": [],
  "response.mcp_call.in_progress": [],
  "response.mcp_call.completed": [],
  "response.mcp_call.failed": [],
};

describe("what a beta client is told", () => {
  it.each(Object.entries(MEANINGS))("of %s: %j", (type, expected) => {
    const events = told(sample(type as ServerEventType));
    expect(events.map((event) => event["type"])).toEqual(expected);
    for (const event of events) expect(checkBetaEvent(event)).toBeNull();
  });

  it.each(Object.values(serverEventSchemas).map((schema) => [schema.shape.type.value, schema] as const))(
    "property: event structure: whatever %s holds, nothing that only GA clients know is told",
    (type, schema) => {
      fc.assert(
        fc.property(arbitraryOf(schema as never), (event) => {
          // Written without escapes: ids of ours and base64 need none.
          fc.pre(type !== "response.output_audio.delta" || !JSON.stringify(event).includes("\\"));
          for (const each of told(event)) expect(checkBetaEvent(each), JSON.stringify(each)).toBeNull();
        }),
        { numRuns: 50 },
      );
    },
  );

  it("nothing of events that nobody here knows, and that something is wrong with those that lack their fields", () => {
    expect(told({ type: "response.dreamt", event_id: "e" })).toEqual([]);
    expect(told({ type: "response.done", event_id: "e" })).toMatchObject([
      { type: "error", error: { code: "server_error" } },
    ]);
  });

  it("a flat session", () => {
    const [created, conversation] = told(sample("session.created"));
    expect(created?.["session"]).toMatchObject({
      object: "realtime.session",
      model: "gpt-realtime",
      modalities: ["text", "audio"],
      voice: "marin",
      input_audio_format: "pcm16",
      output_audio_format: "pcm16",
      input_audio_transcription: null,
      turn_detection: { type: "server_vad", threshold: 0.5 },
      temperature: 0.8,
      max_response_output_tokens: "inf",
      tools: [],
      tool_choice: "auto",
    });
    expect(conversation?.["conversation"]).toEqual({ id: "conv_1", object: "realtime.conversation" });
    expect(conversation?.["event_id"]).not.toBe(created?.["event_id"]);
  });

  it("a response with its settings beside it", () => {
    expect(told(sample("response.done"))[0]?.["response"]).toMatchObject({
      modalities: ["text", "audio"],
      voice: "marin",
      output_audio_format: "pcm16",
      temperature: 0.8,
      max_output_tokens: "inf",
      output: [{ content: [{ type: "audio", transcript: "Hello." }] }, { type: "function_call" }],
    });
  });

  it("errors about the fields that it wrote", () => {
    const error = (param: string, message: string) =>
      told({ ...sample("error"), error: { type: "t", code: null, event_id: null, param, message } })[0]?.["error"];
    expect(
      error("session.audio.input.turn_detection.type", "No 'session.audio.input.turn_detection.type' here."),
    ).toMatchObject({ param: "session.turn_detection.type", message: "No 'session.turn_detection.type' here." });
    expect(error("session.tools[0].name", "Two tools.")).toMatchObject({ param: "session.tools[0].name" });
    expect(error("session.type", "Passing it is not allowed.")).toMatchObject({ param: "type" });
  });

  it("the order of items without those that it cannot know", () => {
    const by = dialect();
    const added = (id: string, type: "message" | "mcp_list_tools", previous_item_id: string | null) =>
      told(
        {
          type: "conversation.item.added",
          event_id: `event_${id}`,
          previous_item_id,
          item: {
            id,
            object: "realtime.item",
            status: "completed",
            type,
            ...(type === "message" ? { role: "user", content: [] } : { server_label: "s", tools: [] }),
          },
        },
        by,
      ).map((event) => [Object(event["item"])["id"], event["previous_item_id"]]);
    expect(added("a", "message", null)).toEqual([["a", null]]);
    expect(added("m", "mcp_list_tools", "a")).toEqual([]);
    expect(added("n", "mcp_list_tools", "m")).toEqual([]);
    expect(added("b", "message", "n")).toEqual([["b", "a"]]);
    told({ type: "conversation.item.deleted", event_id: "e", item_id: "a" }, by);
    expect(added("c", "message", "n")).toEqual([["c", null]]);
  });
});
