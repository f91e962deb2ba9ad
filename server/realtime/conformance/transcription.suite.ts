import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkServerEvent } from "../protocol/server-events";
import { audioInEvents, Talk, type Rig, type Setup } from "./rig";

export function transcriptionSuite(rig: Rig): void {
  const open = (setup: Setup = {}): Promise<Talk> => Talk.open(rig, { kind: "transcription", ...setup });
  const words = "conversation.item.input_audio_transcription.completed";

  describe("transcription session", () => {
    it("begins with its own resource", async () => {
      const talk = await open();
      const [{ session } = { session: undefined }] = talk.all("session.created");
      expect(session).toEqual({
        object: "realtime.transcription_session",
        id: expect.stringMatching(/^sess_/) as string,
        type: "transcription",
        expires_at: expect.any(Number) as number,
        audio: {
          input: {
            format: { type: "audio/pcm", rate: 24_000 },
            noise_reduction: null,
            transcription: {},
            turn_detection: {
              type: "server_vad",
              threshold: 0.5,
              prefix_padding_ms: 300,
              silence_duration_ms: 500,
            },
          },
        },
        include: null,
      });
    });

    it("an update merges deeply and echoes nothing about answers", async () => {
      const talk = await open();
      await talk.update({ audio: { input: { transcription: { model: "whisper-1", language: "en" } } } });
      const { session } = await talk.update({
        audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: 200, create_response: true } } },
        include: ["item.input_audio_transcription.logprobs"],
      });
      expect(session).toMatchObject({
        audio: { input: { transcription: { model: "whisper-1", language: "en" } } },
        include: ["item.input_audio_transcription.logprobs"],
      });
      expect(session.audio.input).toHaveProperty("turn_detection", {
        type: "server_vad",
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 200,
      });
      const semantic = await talk.update({
        audio: { input: { turn_detection: { type: "semantic_vad", eagerness: "high" } } },
      });
      expect(semantic.session.audio.input).toHaveProperty("turn_detection", {
        type: "semantic_vad",
        eagerness: "high",
      });
    });

    it("tells what was said, turn by turn, and answers none of it", async () => {
      const talk = await open({ stt: { hear: "hello there", streaming: true } });
      await talk.update({ audio: { input: { turn_detection: { type: "server_vad", create_response: true } } } });
      talk.appendTone(600);
      talk.appendSilence(700);
      const first = await talk.next(words);
      expect(first.transcript).toBe("hello there");
      talk.appendTone(600);
      talk.appendSilence(700);
      const second = await talk.next(words);
      expect(second.item_id).not.toBe(first.item_id);
      expect(talk.typesFrom("input_audio_buffer.speech_started").slice(0, 7)).toEqual([
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        words,
      ]);
      expect(talk.types().filter((type) => type.startsWith("response."))).toEqual([]);
      expect(talk.parts.llm.calls).toHaveLength(0);
      expect(talk.parts.tts.calls).toHaveLength(0);
    });

    it("semantic_vad ends turns too", async () => {
      const talk = await open({ stt: { hear: "That is all." }, turns: { name: "sure", judge: () => 1 } });
      await talk.update({ audio: { input: { turn_detection: { type: "semantic_vad" } } } });
      talk.appendTone(600);
      talk.appendSilence(1_000);
      expect((await talk.next(words)).transcript).toBe("That is all.");
    });

    it.runIf(audioInEvents(rig))("transcribes what is committed by hand, in the format of the session", async () => {
      const talk = await open({ vad: null });
      await talk.update({
        audio: {
          input: {
            format: { type: "audio/pcmu" },
            transcription: { model: "whisper-1", language: "de", prompt: "Names" },
          },
        },
      });
      talk.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(4_000, 0x7f).toString("base64") });
      talk.send({ type: "input_audio_buffer.commit" });
      expect((await talk.next(words)).usage).toEqual({ type: "duration", seconds: 0.5 });
      expect(talk.parts.stt.calls[0]?.request).toMatchObject({
        model: "whisper-1",
        language: "de",
        prompt: "Names",
        audio: { sampleRate: 8_000 },
      });
    });

    it("an empty buffer is not committed, and a cleared one is empty", async () => {
      const talk = await open({ vad: null });
      talk.appendTone(500);
      talk.send({ type: "input_audio_buffer.clear" });
      await talk.next("input_audio_buffer.cleared");
      expect(await talk.refused({ type: "input_audio_buffer.commit", event_id: "c" })).toMatchObject({
        code: "input_audio_buffer_commit_empty",
        event_id: "c",
      });
    });

    it("a recogniser that fails is told of item by item, and the session goes on", async () => {
      const talk = await open({
        vad: null,
        stt: { hear: (_request, index) => (index === 0 ? [{ fail: "boom" }] : "again") },
      });
      talk.appendTone(300);
      talk.send({ type: "input_audio_buffer.commit" });
      const failed = await talk.next("conversation.item.input_audio_transcription.failed");
      expect(failed.error.message).not.toContain("boom");
      talk.appendTone(300);
      talk.send({ type: "input_audio_buffer.commit" });
      expect((await talk.next(words)).transcript).toBe("again");
    });

    it("tells speakers apart where the recogniser does", async () => {
      const talk = await open({
        vad: null,
        stt: { hear: ["hi", { segment: { id: "seg_1", speaker: "A", text: "hi", start: 0, end: 0.3 } }] },
      });
      talk.appendTone(300);
      talk.send({ type: "input_audio_buffer.commit" });
      expect(await talk.next("conversation.item.input_audio_transcription.segment")).toMatchObject({ speaker: "A" });
    });

    it("transcription off tells of turns alone", async () => {
      const talk = await open();
      await talk.update({ audio: { input: { transcription: null } } });
      talk.appendTone(600);
      talk.appendSilence(700);
      const { item } = await talk.next("conversation.item.done");
      talk.send({ type: "conversation.item.retrieve", item_id: item.id });
      await talk.next("conversation.item.retrieved");
      expect(talk.parts.stt.calls.every(({ state }) => state !== "running")).toBe(true);
      expect(talk.types().filter((type) => type.includes("transcription"))).toEqual([]);
    });

    it("items can be looked at and deleted", async () => {
      const talk = await open({ vad: null });
      talk.appendTone(300);
      talk.send({ type: "input_audio_buffer.commit" });
      const { item_id } = await talk.next(words);
      talk.send({ type: "conversation.item.retrieve", item_id });
      expect((await talk.next("conversation.item.retrieved")).item).toMatchObject({
        id: item_id,
        content: [{ type: "input_audio", transcript: "hello", audio: expect.any(String) as string }],
      });
      talk.send({ type: "conversation.item.delete", item_id });
      await talk.next("conversation.item.deleted");
      expect((await talk.refused({ type: "conversation.item.retrieve", item_id })).code).toBe(
        "item_retrieve_invalid_item_id",
      );
    });

    it.each<[string, Record<string, unknown>]>([
      ["response.create", {}],
      ["response.cancel", {}],
      ["output_audio_buffer.clear", {}],
      ["conversation.item.truncate", { item_id: "x", content_index: 0, audio_end_ms: 0 }],
      [
        "conversation.item.create",
        { item: { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] } },
      ],
    ])("%s is refused, and the session goes on", async (type, fields) => {
      const talk = await open();
      const error = await talk.refused({ type, event_id: "mine", ...fields });
      expect(error).toMatchObject({ code: "invalid_value", param: "type", event_id: "mine" });
      expect(error.message).toContain("This is a transcription session.");
      await talk.update({});
    });

    it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
      [
        "another kind",
        { type: "realtime", instructions: "x" },
        {
          code: "invalid_value",
          param: "session.type",
          message: "Passing a realtime session update event to a transcription session is not allowed.",
        },
      ],
      ["no kind", {}, { code: "missing_required_parameter", param: "session.type" }],
      ["instructions", { type: "transcription", instructions: "x" }, { param: "session.instructions" }],
      ["an output", { type: "transcription", audio: { output: {} } }, { param: "session.audio.output" }],
      [
        "an idle timeout",
        {
          type: "transcription",
          audio: { input: { turn_detection: { type: "server_vad", idle_timeout_ms: 6_000 } } },
        },
        { code: "unsupported_parameter", param: "session.audio.input.turn_detection.idle_timeout_ms" },
      ],
      [
        "noise reduction that nobody does",
        { type: "transcription", audio: { input: { noise_reduction: { type: "near_field" } } } },
        { code: "unsupported_parameter", param: "session.audio.input.noise_reduction" },
      ],
    ])("an update with %s is refused whole", async (_what, session, expected) => {
      const talk = await open();
      const before = talk.all("session.created")[0]?.session;
      expect(await talk.refused({ type: "session.update", event_id: "u", session })).toMatchObject({
        event_id: "u",
        ...expected,
      });
      expect((await talk.update({})).session).toEqual(before);
    });

    it(
      "event structure, event id uniqueness and silence hold for any sequence of events",
      { timeout: 60_000 },
      async () => {
        const anyEvent = fc.oneof(
          fc.constantFrom<Record<string, unknown>>(
            { type: "response.create" },
            { type: "response.cancel" },
            { type: "input_audio_buffer.commit" },
            { type: "input_audio_buffer.clear" },
            { type: "input_audio_buffer.append", audio: Buffer.alloc(9_600, 9).toString("base64") },
            { type: "session.update", session: { type: "realtime" } },
            { type: "session.update", session: { type: "transcription", audio: { input: { transcription: null } } } },
            { type: "session.update", session: { type: "transcription", audio: { input: { turn_detection: null } } } },
            {
              type: "session.update",
              session: {
                type: "transcription",
                audio: { input: { transcription: { model: "m" }, turn_detection: { type: "server_vad" } } },
              },
            },
            { type: "conversation.item.delete", item_id: "a" },
            { type: "conversation.item.retrieve", item_id: "a" },
            { type: "session.close" },
          ),
          fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), async (events) => {
            const talk = await open({ stt: { hear: "well, yes", streaming: true } });
            for (const event of events) talk.send(event);
            talk.send({ type: "session.update", session: { type: "transcription", include: [] } });
            await talk.next("session.updated", ({ session }) => "include" in session && session.include !== null);
            talk.link.close();
            const log = talk.link.events;
            for (const event of log) expect(checkServerEvent(event), JSON.stringify(event)).toBeNull();
            expect(new Set(log.map(({ event_id }) => event_id)).size).toBe(log.length);
            expect(log.filter(({ type }) => type.startsWith("response.") || type === "rate_limits.updated")).toEqual(
              [],
            );
          }),
          { numRuns: 15 },
        );
      },
    );

    it("a conversation takes no update for a transcription session", async () => {
      const talk = await Talk.open(rig);
      expect(
        await talk.refused({ type: "session.update", event_id: "u", session: { type: "transcription", audio: {} } }),
      ).toMatchObject({
        message: "Passing a transcription session update event to a realtime session is not allowed.",
        param: "session.type",
        event_id: "u",
      });
    });
  });
}
