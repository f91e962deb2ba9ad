import { describe, expect, it } from "vitest";
import { Talk, type Rig } from "./rig";

export function sessionSuite(rig: Rig): void {
  describe("session", () => {
    it("begins with session.created and the defaults", async () => {
      const talk = await Talk.open(rig);
      const { session } = talk.all("session.created")[0]!;
      expect(session).toMatchObject({
        object: "realtime.session",
        type: "realtime",
        model: "antiphon",
        output_modalities: ["audio"],
        max_output_tokens: "inf",
        tool_choice: "auto",
        tools: [],
        audio: {
          input: {
            format: { type: "audio/pcm", rate: 24_000 },
            transcription: null,
            noise_reduction: null,
            turn_detection: {
              type: "server_vad",
              threshold: 0.5,
              prefix_padding_ms: 300,
              silence_duration_ms: 500,
              create_response: true,
              interrupt_response: true,
            },
          },
          output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "alloy", speed: 1 },
        },
      });
      expect(session.id).toMatch(/^sess_/);
      expect(session.expires_at).toBeGreaterThan(Date.now() / 1000 + 3500);
    });

    it("an update merges deeply and names no sibling lost", async () => {
      const talk = await Talk.open(rig);
      await talk.update({
        audio: { input: { transcription: { model: "whisper-1", language: "en" } } },
        instructions: "Be brief.",
      });
      const { session } = await talk.update({
        audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: 200 } } },
      });
      expect(session).toMatchObject({
        instructions: "Be brief.",
        audio: {
          input: {
            transcription: { model: "whisper-1", language: "en" },
            turn_detection: { silence_duration_ms: 200, threshold: 0.5, prefix_padding_ms: 300 },
          },
        },
      });
    });

    it("null switches off", async () => {
      const talk = await Talk.open(rig);
      await talk.update({ audio: { input: { transcription: { model: "whisper-1" } } } });
      const { session } = await talk.update({ audio: { input: { transcription: null, turn_detection: null } } });
      expect(session.audio.input).toMatchObject({ transcription: null, turn_detection: null });
    });

    it("a refused update changes nothing", async () => {
      const talk = await Talk.open(rig);
      const error = await talk.refused({
        type: "session.update",
        event_id: "mine",
        session: { type: "realtime", instructions: "New.", audio: { output: { speed: 9 } } },
      });
      expect(error).toMatchObject({ event_id: "mine", param: "session.audio.output.speed" });
      const { session } = await talk.update({});
      expect(session).not.toMatchObject({ instructions: "New." });
    });

    it.each([
      ["prompt", { prompt: { id: "pmpt_1" } }, "session.prompt"],
      [
        "noise_reduction",
        { audio: { input: { noise_reduction: { type: "near_field" } } } },
        "session.audio.input.noise_reduction",
      ],
      [
        "a token limit beyond the model's window",
        { truncation: { type: "retention_ratio", retention_ratio: 0.5, token_limits: { post_instructions: 28_673 } } },
        "session.truncation.token_limits.post_instructions",
      ],
      [
        "mcp tools",
        { tools: [{ type: "mcp", server_label: "x", server_url: "https://x.test" }] },
        "session.tools[0].type",
      ],
      [
        "transcription delay",
        { audio: { input: { transcription: { delay: "low" } } } },
        "session.audio.input.transcription.delay",
      ],
      ["another model", { model: "other" }, "session.model"],
      [
        "a tool twice",
        {
          tools: [
            { type: "function", name: "f" },
            { type: "function", name: "f" },
          ],
        },
        "session.tools[1].name",
      ],
      ["an unknown tool choice", { tool_choice: { type: "function", name: "nope" } }, "session.tool_choice"],
    ])("%s is refused by name", async (_what, session, param) => {
      const talk = await Talk.open(rig);
      expect(await talk.refused({ type: "session.update", session: { type: "realtime", ...session } })).toMatchObject({
        type: "invalid_request_error",
        param,
      });
    });

    it("without a detector, turn detection is off and cannot be switched on", async () => {
      const talk = await Talk.open(rig, { vad: null });
      expect(talk.all("session.created")[0]?.session.audio.input).toMatchObject({ turn_detection: null });
      const error = await talk.refused({
        type: "session.update",
        session: { type: "realtime", audio: { input: { turn_detection: { type: "server_vad" } } } },
      });
      expect(error.param).toBe("session.audio.input.turn_detection");
    });

    it("tracing, once on, stays as it is", async () => {
      const talk = await Talk.open(rig);
      await talk.update({ tracing: { workflow_name: "w" } });
      await talk.update({ tracing: { workflow_name: "w" }, instructions: "Same." });
      const error = await talk.refused({ type: "session.update", session: { type: "realtime", tracing: null } });
      expect(error.param).toBe("session.tracing");
    });

    it("an unknown voice is refused with the known ones", async () => {
      const talk = await Talk.open(rig, { tts: { voices: ["alloy", "awb"] } });
      const error = await talk.refused({
        type: "session.update",
        session: { type: "realtime", audio: { output: { voice: "zz" } } },
      });
      expect(error).toMatchObject({ code: "invalid_value", param: "session.audio.output.voice" });
      expect(error.message).toContain("'awb'");
    });

    it("the voice is locked once it was heard", async () => {
      const talk = await Talk.open(rig);
      await talk.update({ audio: { output: { voice: "echo" } } });
      talk.say("Hi");
      await talk.respond();
      const error = await talk.refused({
        type: "session.update",
        session: { type: "realtime", audio: { output: { voice: "sage" } } },
      });
      expect(error.code).toBe("cannot_update_voice");
      await talk.update({ audio: { output: { voice: "echo" } } });
    });

    it("ends with session_expired after its time", async () => {
      const talk = await Talk.open(rig, { limits: { maxDurationMs: 60 } });
      expect((await talk.next("error")).error).toMatchObject({ code: "session_expired", event_id: null });
      expect(await talk.link.closed).toBe(1000);
    });
  });
}
