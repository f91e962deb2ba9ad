/** What is different where the model is given what was said, and not its words. */
import { describe, expect, it } from "vitest";
import type { PromptItem, PromptPart } from "../engine/types";
import type { Guardrail } from "../engine/guardrails";
import { Talk, type Rig } from "./rig";
import { until } from "./talk-tools";

function soundsOf(items: readonly PromptItem[] = []): Extract<PromptPart, { type: "audio" }>[] {
  const parts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  return parts.flatMap((part) => (part.type === "audio" ? [part] : []));
}

export function nativeSuite(rig: Rig): void {
  describe("a model that hears", () => {
    it("is given the turn itself, and does not wait for its words", async () => {
      const talk = await Talk.open(rig, {
        vad: null,
        stt: { hear: [{ wait: Infinity }] },
        llm: { reply: "I heard you." },
      });
      await talk.update({ audio: { input: { transcription: { model: "whisper-1" } } } });
      talk.appendTone(400);
      talk.send({ type: "input_audio_buffer.commit" });
      const response = await talk.respond();
      expect(response).toMatchObject({ status: "completed", output: [{ content: [{ transcript: "I heard you." }] }] });
      const [sound] = soundsOf(talk.parts.llm.calls[0]?.request.items);
      expect(sound).toMatchObject({ transcript: null, durationMs: 400 });
      expect((await sound?.audio?.())?.samples).toHaveLength(400 * 24);
    });

    it("is given an input's own audio", async () => {
      const talk = await Talk.open(rig);
      const audio = Buffer.alloc(200 * 48, 1).toString("base64");
      await talk.respond({
        conversation: "none",
        input: [{ type: "message", role: "user", content: [{ type: "input_audio", audio }] }],
      });
      expect(soundsOf(talk.parts.llm.calls[0]?.request.items)).toMatchObject([{ durationMs: 200 }]);
    });

    it("answers what a recogniser cannot, of which the client is told", async () => {
      const talk = await Talk.open(rig, { vad: null, stt: { hear: [{ fail: "deaf" }] } });
      await talk.update({ audio: { input: { transcription: { model: "whisper-1" } } } });
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.next("conversation.item.input_audio_transcription.failed");
      expect((await talk.respond()).status).toBe("completed");
    });

    it("begins its reply in the pause, without a word, and begins again when speech goes on", async () => {
      const talk = await Talk.open(rig, {
        vad: { speech: [[0, 640]] },
        stt: { hear: [{ wait: Infinity }] },
        turnTaking: { speculate: "reply" },
      });
      talk.appendTone(900);
      await until(() => talk.parts.llm.calls.length === 1);
      expect(talk.types()).not.toContain("response.created");
      talk.appendTone(600);
      const { response } = await talk.next("response.done");
      expect(response.output[0]).toMatchObject({ content: [{ transcript: "Hello there." }] });
      expect(talk.parts.llm.calls).toHaveLength(1);
    });

    const mask: Guardrail = {
      name: "mask",
      check: ({ text }) => (/\d/.test(text) ? { replace: "A number. " } : "pass"),
    };
    it("has its reply judged before it is heard, which ends where other words are needed", async () => {
      const reply = "Good day. It is 7. And more.";
      const talk = await Talk.open(rig, { guardrails: [mask], llm: { reply } });
      talk.say("Hi");
      expect(await talk.respond()).toMatchObject({
        status: "incomplete",
        status_details: { reason: "content_filter" },
        output: [{ content: [{ transcript: "Good day. A number. " }] }],
      });
    });
  });
}
