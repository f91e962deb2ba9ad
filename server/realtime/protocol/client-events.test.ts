import { describe, expect, it } from "vitest";
import { accepted, message, update, validClientEvents } from "./client-events.samples";

describe("client events", () => {
  it.each(validClientEvents.map((event) => [JSON.stringify(event), event]))("accepts %s", (_text, event) => {
    expect(accepted({ event_id: "mine", ...event })).toMatchObject({ event_id: "mine", type: event["type"] });
  });

  it("reads null content as absent, as some SDKs write it", () => {
    const event = accepted(message([{ type: "input_audio", audio: null, transcript: null }]));
    expect(JSON.parse(JSON.stringify(event))).toEqual(message([{ type: "input_audio" }]));
  });

  it("fills in the types that the official shape lets a client leave out", () => {
    const event = accepted(update({ tools: [{ name: "f" }], audio: { input: { format: { rate: 24000 } } } }));
    expect(event).toEqual(
      update({
        tools: [{ type: "function", name: "f" }],
        audio: { input: { format: { type: "audio/pcm", rate: 24000 } } },
      }),
    );
  });

  it("takes what @openai/agents-realtime sends when it connects", () => {
    const event = update({
      instructions: "x",
      model: "gpt-realtime",
      output_modalities: ["audio"],
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24000 },
          noise_reduction: null,
          transcription: { model: "gpt-4o-mini-transcribe" },
          turn_detection: { type: "semantic_vad" },
        },
        output: { format: { type: "audio/pcm", rate: 24000 }, speed: 1 },
      },
      tools: [{ type: "mcp", server_label: "s", server_url: "https://example.com", require_approval: "never" }],
    });
    expect(accepted(event)).toEqual(event);
  });
});
