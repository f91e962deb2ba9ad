import { describe, expect, it } from "vitest";
import { arbitraryOf } from "../arbitrary";
import fc from "fast-check";
import { parseClientEvent } from "../client-events";
import { betaClientSchemas, parseBetaEvent } from "./client-events";

const update = (session: object) => ({ type: "session.update", session });
const create = (response: object) => ({ type: "response.create", response });
const item = (fields: object) => ({ type: "conversation.item.create", item: fields });

/** As JSON would carry it: without what is undefined. */
function accepted(value: unknown): unknown {
  const parsed = parseBetaEvent(value);
  if (!parsed.ok) throw parsed.error;
  return JSON.parse(JSON.stringify(parsed.event));
}

describe("what a beta client says", () => {
  it.each<[string, object, object]>([
    [
      "a session",
      update({
        modalities: ["text", "audio"],
        instructions: "Be kind.",
        voice: "alloy",
        input_audio_format: "g711_ulaw",
        output_audio_format: "g711_alaw",
        input_audio_transcription: { model: "whisper-1" },
        input_audio_noise_reduction: { type: "far_field" },
        turn_detection: { type: "server_vad", threshold: 0.4, silence_duration_ms: 200 },
        tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
        tool_choice: "auto",
        temperature: 0.7,
        max_response_output_tokens: 100,
      }),
      {
        type: "session.update",
        session: {
          type: "realtime",
          output_modalities: ["audio"],
          instructions: "Be kind.",
          audio: {
            input: {
              format: { type: "audio/pcmu" },
              transcription: { model: "whisper-1" },
              noise_reduction: { type: "far_field" },
              turn_detection: { type: "server_vad", threshold: 0.4, silence_duration_ms: 200 },
            },
            output: { format: { type: "audio/pcma" }, voice: "alloy" },
          },
          tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
          tool_choice: "auto",
          temperature: 0.7,
          max_output_tokens: 100,
        },
      },
    ],
    [
      "what is switched off",
      update({ turn_detection: null, input_audio_transcription: null, input_audio_noise_reduction: null }),
      {
        type: "session.update",
        session: {
          type: "realtime",
          audio: { input: { transcription: null, noise_reduction: null, turn_detection: null }, output: {} },
        },
      },
    ],
    [
      "a turn detection without its type",
      update({ turn_detection: { threshold: 0.3 } }),
      {
        type: "session.update",
        session: {
          type: "realtime",
          audio: { input: { turn_detection: { type: "server_vad", threshold: 0.3 } }, output: {} },
        },
      },
    ],
    [
      "words alone",
      update({ modalities: ["text"] }),
      {
        type: "session.update",
        session: { type: "realtime", output_modalities: ["text"], audio: { input: {}, output: {} } },
      },
    ],
    [
      "a function that must be called",
      update({ tool_choice: { type: "function", function: { name: "f" } } }),
      {
        type: "session.update",
        session: { type: "realtime", tool_choice: { type: "function", name: "f" }, audio: { input: {}, output: {} } },
      },
    ],
    [
      "a transcription session",
      {
        type: "transcription_session.update",
        session: { input_audio_format: "pcm16", input_audio_transcription: { model: "whisper-1", language: "en" } },
      },
      {
        type: "session.update",
        session: {
          type: "transcription",
          audio: {
            input: {
              format: { type: "audio/pcm", rate: 24000 },
              transcription: { model: "whisper-1", language: "en" },
            },
          },
        },
      },
    ],
    [
      "an assistant's words",
      item({ type: "message", role: "assistant", content: [{ type: "text", text: "Hi." }] }),
      {
        type: "conversation.item.create",
        item: { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi." }] },
      },
    ],
    [
      "a place of null",
      { ...item({ type: "function_call_output", call_id: "c", output: "1" }), previous_item_id: null },
      { type: "conversation.item.create", item: { type: "function_call_output", call_id: "c", output: "1" } },
    ],
    [
      "a response of its own",
      create({
        conversation: "none",
        modalities: ["text", "audio"],
        voice: "echo",
        output_audio_format: "g711_ulaw",
        temperature: 1,
        max_response_output_tokens: "inf",
        input: [
          { type: "item_reference", id: "a" },
          { type: "message", role: "assistant", content: [{ type: "text", text: "x" }] },
        ],
      }),
      {
        type: "response.create",
        response: {
          conversation: "none",
          output_modalities: ["audio"],
          audio: { output: { voice: "echo", format: { type: "audio/pcmu" } } },
          temperature: 1,
          max_output_tokens: "inf",
          input: [
            { type: "item_reference", id: "a" },
            { type: "message", role: "assistant", content: [{ type: "output_text", text: "x" }] },
          ],
        },
      },
    ],
    [
      "the older name of its limit",
      create({ max_output_tokens: 7 }),
      { type: "response.create", response: { max_output_tokens: 7 } },
    ],
    [
      "what needs no translation",
      { type: "response.cancel", response_id: "r" },
      { type: "response.cancel", response_id: "r" },
    ],
  ])("%s is what a GA client would have said", (_what, said, meant) => {
    expect(accepted(said)).toEqual(meant);
    const { temperature: _beta, ...session } = Object(Object(meant)["session"]) as Record<string, unknown>;
    const { temperature: _too, ...response } = Object(Object(meant)["response"]) as Record<string, unknown>;
    const plain = { ...meant, ...("session" in meant && { session }), ...("response" in meant && { response }) };
    expect(parseClientEvent(plain)).toMatchObject({ ok: true });
  });

  it.each<[object, object]>([
    [update({ type: "realtime" }), { code: "unknown_parameter", param: "session.type" }],
    [update({ audio: { output: { voice: "marin" } } }), { code: "unknown_parameter", param: "session.audio" }],
    [update({ output_modalities: ["text"] }), { code: "unknown_parameter", param: "session.output_modalities" }],
    [update({ max_output_tokens: 1 }), { code: "unknown_parameter", param: "session.max_output_tokens" }],
    [
      update({ modalities: ["audio"] }),
      {
        code: "invalid_value",
        param: "session.modalities",
        message: "Invalid modalities: ['audio']. Supported combinations are: ['text'] and ['text', 'audio'].",
      },
    ],
    [update({ temperature: 1.3 }), { code: "decimal_above_max_value", param: "session.temperature" }],
    [update({ temperature: 0.5 }), { code: "decimal_below_min_value", param: "session.temperature" }],
    [
      update({ input_audio_format: "audio/pcm" }),
      {
        code: "invalid_value",
        param: "session.input_audio_format",
        message: "Invalid value: 'audio/pcm'. Supported values are: 'pcm16', 'g711_ulaw', and 'g711_alaw'.",
      },
    ],
    [
      item({ type: "message", role: "assistant", content: [{ type: "output_text", text: "x" }] }),
      { code: "invalid_value", param: "item.content[0].type" },
    ],
    [
      item({ type: "message", role: "user", content: [{ type: "input_image", image_url: "x" }] }),
      { code: "invalid_value", param: "item.content[0].type" },
    ],
    [create({ audio: {} }), { code: "unknown_parameter", param: "response.audio" }],
    [{ type: "transcription_session.update", session: { voice: "x" } }, { param: "session.voice" }],
    [{ type: "nope" }, { code: "invalid_value", param: "type" }],
  ])("%j is refused", (said, error) => {
    expect(parseBetaEvent({ event_id: "mine", ...said })).toMatchObject({ ok: false, error, eventId: "mine" });
  });

  it("property: event structure: what a beta client may say has a meaning in GA", () => {
    const schemas = Object.entries(betaClientSchemas).filter(([type]) => type !== "input_audio_buffer.append");
    for (const [, schema] of schemas) {
      fc.assert(
        fc.property(arbitraryOf<unknown>(schema), (meant) => {
          const wire = JSON.parse(JSON.stringify(meant)) as Record<string, Record<string, unknown>>;
          delete wire["session"]?.["temperature"];
          delete wire["response"]?.["temperature"];
          expect(parseClientEvent(wire), JSON.stringify(wire)).toMatchObject({ ok: true });
        }),
        { numRuns: 50 },
      );
    }
  });
});
