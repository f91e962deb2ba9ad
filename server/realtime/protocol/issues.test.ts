import { describe, expect, it } from "vitest";
import { create, message, refusal, update } from "./client-events.samples";

describe("path naming: every refusal says which field, and why, in the official words", () => {
  const long = "x".repeat(33);
  it.each([
    [{}, "missing_required_parameter", "type", "Missing required parameter: 'type'."],
    [{ type: 5 }, "invalid_type", "type", "Invalid type for 'type': expected a string, but got an integer instead."],
    [
      { type: "toString" },
      "invalid_value",
      "type",
      /^Invalid value: 'toString'\. Supported values are: 'session\.update', /,
    ],
    [{ type: "input_audio_buffer.clear", foo: 1 }, "unknown_parameter", "foo", "Unknown parameter: 'foo'."],
    [{ type: "session.update" }, "missing_required_parameter", "session", "Missing required parameter: 'session'."],
    [
      { type: "session.update", session: {} },
      "missing_required_parameter",
      "session.type",
      "Missing required parameter: 'session.type'.",
    ],
    [
      { type: "session.update", session: { type: "translation", audio: {} } },
      "invalid_value",
      "session.type",
      "Invalid value: 'translation'. Supported values are: 'realtime' and 'transcription'.",
    ],
    [
      { type: "session.update", session: { type: "transcription", instructions: "x" } },
      "unknown_parameter",
      "session.instructions",
      "Unknown parameter: 'session.instructions'.",
    ],
    [
      update({ audio: { foo: 1 } }),
      "unknown_parameter",
      "session.audio.foo",
      "Unknown parameter: 'session.audio.foo'.",
    ],
    [update({ modalities: ["text"] }), "unknown_parameter", "session.modalities", /Unknown/],
    [
      update({ instructions: 5 }),
      "invalid_type",
      "session.instructions",
      "Invalid type for 'session.instructions': expected a string, but got an integer instead.",
    ],
    [update({ instructions: null }), "invalid_type", "session.instructions", /expected a string, but got null instead/],
    [
      update({ audio: { input: { format: { type: "audio/pcm", rate: 4000 } } } }),
      "integer_below_min_value",
      "session.audio.input.format.rate",
      "Invalid 'session.audio.input.format.rate': integer below minimum value. Expected a value >= 8000, but got 4000 instead.",
    ],
    [
      update({ audio: { output: { format: { rate: 44100 } } } }),
      "invalid_value",
      "session.audio.output.format.rate",
      "Invalid value: '44100'. Supported values are: 8000, 16000, 24000, and 48000.",
    ],
    [
      update({ audio: { input: { format: { type: "audio/pcm", rate: 96000 } } } }),
      "integer_above_max_value",
      "session.audio.input.format.rate",
      /<= 48000, but got 96000/,
    ],
    [
      update({ audio: { input: { format: { type: "audio/pcm", rate: 16000.5 } } } }),
      "invalid_type",
      "session.audio.input.format.rate",
      /expected an integer, but got a decimal number/,
    ],
    [
      update({ audio: { input: { format: { type: "audio/pcmu", rate: 8000 } } } }),
      "unknown_parameter",
      "session.audio.input.format.rate",
      /Unknown/,
    ],
    [
      create({ audio: { output: { format: { rate: 22050 } } } }),
      "invalid_value",
      "response.audio.output.format.rate",
      /8000, 16000/,
    ],
    [
      update({ audio: { input: { format: { type: "pcm16" } } } }),
      "invalid_value",
      "session.audio.input.format.type",
      "Invalid value: 'pcm16'. Supported values are: 'audio/pcm', 'audio/pcmu', and 'audio/pcma'.",
    ],
    [
      update({ audio: { input: { format: "pcm16" } } }),
      "invalid_type",
      "session.audio.input.format",
      "Invalid type for 'session.audio.input.format': expected an object, but got a string instead.",
    ],
    [
      update({ audio: { input: { turn_detection: { type: "server_vad", threshold: 1.5 } } } }),
      "decimal_above_max_value",
      "session.audio.input.turn_detection.threshold",
      /decimal above maximum value\. Expected a value <= 1, but got 1\.5 instead/,
    ],
    [
      update({ audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: 0.5 } } } }),
      "invalid_type",
      "session.audio.input.turn_detection.silence_duration_ms",
      /expected an integer, but got a decimal number instead/,
    ],
    [
      update({ audio: { input: { turn_detection: { type: "server_vad", idle_timeout_ms: 4999 } } } }),
      "integer_below_min_value",
      "session.audio.input.turn_detection.idle_timeout_ms",
      />= 5000/,
    ],
    [
      update({ audio: { input: { turn_detection: { type: "semantic_vad", threshold: 0.5 } } } }),
      "unknown_parameter",
      "session.audio.input.turn_detection.threshold",
      /Unknown/,
    ],
    [
      update({ audio: { output: { speed: 0.2 } } }),
      "decimal_below_min_value",
      "session.audio.output.speed",
      />= 0\.25/,
    ],
    [
      update({ audio: { output: { voice: {} } } }),
      "missing_required_parameter",
      "session.audio.output.voice.id",
      /Missing/,
    ],
    [
      update({ audio: { output: { voice: 5 } } }),
      "invalid_type",
      "session.audio.output.voice",
      "Invalid type for 'session.audio.output.voice': expected one of a string or an object, but got an integer instead.",
    ],
    [
      update({ output_modalities: ["text", "audio"] }),
      "invalid_value",
      "session.output_modalities",
      "Invalid modalities: ['text', 'audio']. Supported combinations are: ['text'] and ['audio'].",
    ],
    [update({ output_modalities: [] }), "invalid_value", "session.output_modalities", /Invalid modalities: \[\]/],
    [
      update({ max_output_tokens: "many" }),
      "invalid_value",
      "session.max_output_tokens",
      "Invalid value: 'many'. Supported values are: 'inf' and an integer.",
    ],
    [update({ max_output_tokens: 0 }), "integer_below_min_value", "session.max_output_tokens", />= 1, but got 0/],
    [
      update({ max_output_tokens: 4097 }),
      "integer_above_max_value",
      "session.max_output_tokens",
      /<= 4096, but got 4097/,
    ],
    [update({ max_output_tokens: 1e300 }), "integer_above_max_value", "session.max_output_tokens", /<= 4096/],
    [update({ max_output_tokens: 1.5 }), "invalid_type", "session.max_output_tokens", /an integer, but got a decimal/],
    [
      update({ max_output_tokens: Infinity }),
      "invalid_type",
      "session.max_output_tokens",
      /a number that is too large/,
    ],
    [
      update({ tool_choice: "some" }),
      "invalid_value",
      "session.tool_choice",
      /'none', 'auto', 'required', and an object/,
    ],
    [
      update({ tool_choice: { type: "function" } }),
      "missing_required_parameter",
      "session.tool_choice.name",
      /Missing/,
    ],
    [
      update({ tool_choice: { type: "file_search" } }),
      "invalid_value",
      "session.tool_choice.type",
      "Invalid value: 'file_search'. Supported values are: 'function' and 'mcp'.",
    ],
    [update({ tools: [{ type: "function" }] }), "missing_required_parameter", "session.tools[0].name", /Missing/],
    [
      update({ tools: [{ name: "a" }, { type: "web" }] }),
      "invalid_value",
      "session.tools[1].type",
      /'function' and 'mcp'/,
    ],
    [update({ tools: [{ name: "" }] }), "empty_string", "session.tools[0].name", /empty string/],
    [
      update({ tools: Array.from({ length: 129 }, () => ({ name: "a" })) }),
      "array_above_max_length",
      "session.tools",
      /maximum length 128, but got an array with length 129/,
    ],
    [
      update({ tools: [{ type: "mcp", server_label: "s", allowed_tools: ["a", 1] }] }),
      "invalid_type",
      "session.tools[0].allowed_tools[1]",
      /a string, but got an integer/,
    ],
    [
      update({ truncation: { type: "retention_ratio" } }),
      "missing_required_parameter",
      "session.truncation.retention_ratio",
      /./,
    ],
    [update({ tracing: { foo: 1 } }), "unknown_parameter", "session.tracing.foo", /./],
    [
      update({ prompt: { id: "p", variables: { a: { type: "x" } } } }),
      "invalid_value",
      "session.prompt.variables.a.type",
      /./,
    ],
    [{ type: "conversation.item.create", item: {} }, "missing_required_parameter", "item.type", /Missing/],
    [message([{ type: "input_text", text: "a", x: 1 }]), "unknown_parameter", "item.content[0].x", /Unknown/],
    [
      message([{ type: "text", text: "a" }]),
      "invalid_value",
      "item.content[0].type",
      "Invalid value: 'text'. Supported values are: 'input_text', 'input_audio', and 'input_image'.",
    ],
    [message([{ text: "a" }]), "missing_required_parameter", "item.content[0].type", /Missing/],
    [message([], { role: "tool" }), "invalid_value", "item.role", /'system', 'user', and 'assistant'/],
    [message("hi"), "invalid_type", "item.content", /expected an array, but got a string/],
    [
      message([], { id: long }),
      "string_above_max_length",
      "item.id",
      "Invalid 'item.id': string too long. Expected a string with maximum length 32, but got a string with length 33 instead.",
    ],
    [message([], { id: "" }), "empty_string", "item.id", /minimum length 1/],
    [
      message([{ type: "input_audio", audio: "AAA" }]),
      "invalid_value",
      "item.content[0].audio",
      "Invalid 'item.content[0].audio'. Expected base64-encoded audio bytes, but got an invalid value.",
    ],
    [
      { type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: -1 },
      "integer_below_min_value",
      "audio_end_ms",
      />= 0, but got -1/,
    ],
    [create({ conversation: "other" }), "invalid_value", "response.conversation", /'auto' and 'none'/],
    [create({ input: [{ type: "item_reference" }] }), "missing_required_parameter", "response.input[0].id", /Missing/],
    [create({ metadata: { a: 1 } }), "invalid_type", "response.metadata.a", /a string, but got an integer/],
    [create({ metadata: { a: "x".repeat(513) } }), "string_above_max_length", "response.metadata.a", /512/],
    [create({ metadata: { ["k".repeat(65)]: "x" } }), "string_above_max_length", "response.metadata", /64.*65/],
    [
      create({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "x"])) }),
      "object_above_max_properties",
      "response.metadata",
      /at most 16 properties, but got an object with 17/,
    ],
    [{ type: "response.cancel", event_id: 5 }, "invalid_type", "event_id", /a string, but got an integer/],
    [{ type: "response.cancel", event_id: "x".repeat(513) }, "string_above_max_length", "event_id", /512/],
  ])("%j", (event, code, param, text) => {
    const found = refusal(event);
    expect(found).toMatchObject({ code, param });
    if (typeof text === "string") expect(found.message).toBe(text);
    else expect(found.message).toMatch(text);
  });

  it.each([
    [[], "an array"],
    [null, "null"],
    ["x", "a string"],
    [5, "an integer"],
  ])("%j is no event", (value, kind) => {
    expect(refusal(value)).toMatchObject({
      code: "invalid_event",
      param: null,
      message: `Invalid event: expected a JSON object, but got ${kind} instead.`,
    });
  });
});
