import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkServerEvent } from "../protocol/server-events";
import { audioInEvents, Talk, type Rig } from "./rig";

export function errorsSuite(rig: Rig): void {
  describe("bad input", () => {
    it.each<[string, Record<string, unknown> | string | Buffer, Record<string, unknown>]>([
      ["a binary frame", Buffer.from('{"type":"response.create"}'), { code: "invalid_event", param: null }],
      ["no JSON", "{oops", { code: "invalid_json", param: null }],
      ["no object", "[1,2]", { type: "invalid_request_error" }],
      ["an unknown type", { type: "nope", event_id: "e" }, { code: "invalid_value", param: "type", event_id: "e" }],
      ["no type", { event_id: "e" }, { code: "missing_required_parameter", param: "type", event_id: "e" }],
      [
        "an unknown field",
        { type: "session.update", session: { type: "realtime", foo: 1 } },
        { code: "unknown_parameter", param: "session.foo" },
      ],
      [
        "a missing type",
        { type: "session.update", session: {} },
        { code: "missing_required_parameter", param: "session.type" },
      ],
      [
        "a rate below the minimum",
        {
          type: "session.update",
          session: { type: "realtime", audio: { input: { format: { type: "audio/pcm", rate: 4000 } } } },
        },
        { code: "integer_below_min_value", param: "session.audio.input.format.rate" },
      ],
      [
        "a rate in between",
        {
          type: "session.update",
          session: { type: "realtime", audio: { input: { format: { type: "audio/pcm", rate: 44_100 } } } },
        },
        {
          code: "invalid_value",
          param: "session.audio.input.format.rate",
          message: "Invalid value: '44100'. Supported values are: 8000, 16000, 24000, and 48000.",
        },
      ],
      [
        "a prototype",
        '{"type":"session.update","session":{"type":"realtime","__proto__":{"instructions":"x"}}}',
        { code: "unknown_parameter" },
      ],
      [
        "bad base64",
        { type: "input_audio_buffer.append", audio: "not base64!!" },
        { code: "invalid_value", param: "audio" },
      ],
      [
        "too much metadata",
        { type: "response.create", response: { metadata: { k: "v".repeat(513) } } },
        { param: "response.metadata.k" },
      ],
      ...(audioInEvents(rig) ? [onlyOnTracks] : []),
    ])("%s is answered by an error, and the session goes on", async (_name, event, expected) => {
      const talk = await Talk.open(rig);
      expect(await talk.refused(event)).toMatchObject(expected);
      talk.say("still there?");
      expect(await talk.respond({ output_modalities: ["text"] })).toMatchObject({ status: "completed" });
    });
  });

  describe("always", () => {
    const anyEvent = fc.oneof(
      fc.constantFrom<Record<string, unknown>>(
        { type: "response.create" },
        { type: "response.create", response: { output_modalities: ["text"] } },
        { type: "response.create", response: { conversation: "none", metadata: { a: "b" } } },
        { type: "response.cancel" },
        { type: "input_audio_buffer.commit" },
        { type: "input_audio_buffer.clear" },
        { type: "input_audio_buffer.append", audio: Buffer.alloc(9600, 9).toString("base64") },
        { type: "session.update", session: { type: "realtime", audio: { input: { transcription: { model: "m" } } } } },
        { type: "session.update", session: { type: "realtime", audio: { input: { turn_detection: null } } } },
        {
          type: "session.update",
          session: { type: "realtime", audio: { input: { turn_detection: { type: "server_vad" } } } },
        },
        {
          type: "session.update",
          session: { type: "realtime", audio: { output: { format: { type: "audio/pcmu" } } } },
        },
        {
          type: "conversation.item.create",
          item: { id: "a", type: "message", role: "user", content: [{ type: "input_text", text: "a" }] },
        },
        {
          type: "conversation.item.create",
          previous_item_id: "a",
          item: { type: "function_call", name: "f", call_id: "c", arguments: "{}" },
        },
        { type: "conversation.item.create", item: { type: "function_call_output", call_id: "c", output: "1" } },
        { type: "conversation.item.delete", item_id: "a" },
        { type: "conversation.item.retrieve", item_id: "a" },
        { type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: 0 },
        { type: "nonsense" },
      ),
      fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    );

    it(
      "event structure, event id uniqueness, error event structure and order hold for any sequence of events",
      { timeout: 60_000 },
      async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 25 }), async (events) => {
            const talk = await Talk.open(rig, { llm: { reply: "Well, yes. Of course." }, tts: { msPerChar: 5 } });
            for (const event of events) talk.send(event);
            talk.send({
              type: "session.update",
              event_id: "last",
              session: { type: "realtime", instructions: "the end" },
            });
            await talk.next(
              "session.updated",
              ({ session }) => session.type === "realtime" && session.instructions === "the end",
            );
            while (talk.all("response.created").length > talk.all("response.done").length) {
              await new Promise((resolve) => setTimeout(resolve, 2));
            }
            talk.link.close();
            checkLog(talk);
          }),
          { numRuns: 40 },
        );
      },
    );
  });
}

const onlyOnTracks: [string, Record<string, unknown>, Record<string, unknown>] = [
  "what only WebRTC has",
  { type: "output_audio_buffer.clear", event_id: "w" },
  { event_id: "w" },
];

export function checkLog(talk: Talk): void {
  const { events } = talk.link;
  for (const event of events) expect(checkServerEvent(event), JSON.stringify(event)).toBeNull();
  expect(new Set(events.map((event) => event.event_id)).size).toBe(events.length);
  const created = new Set<string>();
  const done = new Set<string>();
  let live = 0;
  for (const event of events) {
    if (event.type === "response.created") {
      created.add(event.response.id);
      if (event.response.conversation_id !== null) live += 1;
      expect(live).toBeLessThanOrEqual(1);
    } else if (event.type === "response.done") {
      expect(done.has(event.response.id)).toBe(false);
      done.add(event.response.id);
      if (event.response.conversation_id !== null) live -= 1;
    } else if (event.type === "output_audio_buffer.started" || event.type === "output_audio_buffer.stopped") {
      // Sound is heard after it was made.
      expect(created.has(event.response_id)).toBe(true);
    } else if ("response_id" in event && event.type !== "output_audio_buffer.cleared") {
      expect(created.has(event.response_id)).toBe(true);
      expect(done.has(event.response_id)).toBe(false);
    }
  }
  expect(done).toEqual(created);
}
