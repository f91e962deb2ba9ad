import { describe, expect, it } from "vitest";
import type { TurnDetector } from "../engine/types";
import { Talk, type Rig } from "./rig";

const MANUAL = { audio: { input: { turn_detection: null } } };
const TRANSCRIBED = { transcription: { model: "whisper-1" } };

export function turnsSuite(rig: Rig): void {
  describe("audio committed by hand", () => {
    it("becomes an item, is transcribed and answered", async () => {
      const talk = await Talk.open(rig, { stt: { hear: "hello there", streaming: true } });
      await talk.update({ audio: { input: { turn_detection: null, ...TRANSCRIBED } } });
      talk.appendTone(400);
      talk.send({ type: "input_audio_buffer.commit" });
      const completed = await talk.next("conversation.item.input_audio_transcription.completed");
      expect(completed).toMatchObject({
        transcript: "hello there",
        content_index: 0,
        usage: { type: "duration", seconds: 0.4 },
      });
      expect(talk.typesFrom("input_audio_buffer.committed")).toEqual([
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
      ]);
      const item_id = talk.all("input_audio_buffer.committed")[0]!.item_id;
      talk.send({ type: "conversation.item.retrieve", item_id });
      const { item } = await talk.next("conversation.item.retrieved");
      expect(item).toMatchObject({
        id: item_id,
        role: "user",
        content: [{ type: "input_audio", transcript: "hello there" }],
      });
      await talk.respond();
      expect(talk.parts.stt.calls).toHaveLength(1);
      expect(talk.parts.llm.calls[0]?.request.items).toEqual([
        expect.objectContaining({ role: "user", content: [expect.objectContaining({ text: "hello there" })] }),
      ]);
    });

    it("is transcribed for the model even when the client did not ask for words", async () => {
      const talk = await Talk.open(rig, { stt: { hear: "quietly" } });
      await talk.update(MANUAL);
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.respond({ output_modalities: ["text"] });
      expect(talk.all("conversation.item.input_audio_transcription.completed")).toHaveLength(0);
      expect(JSON.stringify(talk.parts.llm.calls[0]?.request.items)).toContain("quietly");
    });

    it.each([
      ["audio/pcmu", 8_000],
      ["audio/pcma", 8_000],
    ])("in %s", async (type, sampleRate) => {
      const talk = await Talk.open(rig);
      await talk.update({ audio: { input: { turn_detection: null, format: { type }, ...TRANSCRIBED } } });
      talk.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(1600, 0xd5).toString("base64") });
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.next("conversation.item.input_audio_transcription.completed");
      const { audio } = talk.parts.stt.calls[0]!.request;
      expect([audio.sampleRate, audio.samples.length]).toEqual([sampleRate, 1600]);
    });

    it("too little audio is refused, a clear empties the buffer", async () => {
      const talk = await Talk.open(rig);
      await talk.update(MANUAL);
      expect(await talk.refused({ type: "input_audio_buffer.commit", event_id: "c" })).toMatchObject({
        code: "input_audio_buffer_commit_empty",
        event_id: "c",
        message: expect.stringContaining("buffer only has 0.00ms of audio"),
      });
      talk.appendTone(500);
      talk.send({ type: "input_audio_buffer.clear" });
      await talk.next("input_audio_buffer.cleared");
      expect((await talk.refused({ type: "input_audio_buffer.commit" })).code).toBe("input_audio_buffer_commit_empty");
    });

    it("a recogniser's failure is told, and fails the answer", async () => {
      const talk = await Talk.open(rig, {
        stt: { hear: (_r, index) => (index === 0 ? [{ fail: "broken" }] : "fine") },
      });
      await talk.update({ audio: { input: { turn_detection: null, ...TRANSCRIBED } } });
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.next("conversation.item.input_audio_transcription.failed");
      expect(await talk.respond()).toMatchObject({ status: "failed", output: [] });
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      expect(await talk.respond()).toMatchObject({ status: "completed" });
    });

    it("half samples are refused, and nothing of them is kept", async () => {
      const talk = await Talk.open(rig);
      await talk.update(MANUAL);
      const error = await talk.refused({
        type: "input_audio_buffer.append",
        event_id: "odd",
        audio: Buffer.alloc(4801).toString("base64"),
      });
      expect(error).toMatchObject({ code: "invalid_value", param: "audio", event_id: "odd" });
      expect((await talk.refused({ type: "input_audio_buffer.commit" })).code).toBe("input_audio_buffer_commit_empty");
    });

    it("the buffer is bounded", async () => {
      const talk = await Talk.open(rig, { limits: { maxAudioBytes: 10_000 } });
      await talk.update(MANUAL);
      const audio = Buffer.alloc(9_600).toString("base64");
      talk.send({ type: "input_audio_buffer.append", audio });
      expect(await talk.refused({ type: "input_audio_buffer.append", event_id: "more", audio })).toMatchObject({
        code: "input_audio_buffer_full",
        event_id: "more",
      });
    });
  });

  describe("server_vad", () => {
    it("finds a turn, commits it and answers", async () => {
      const talk = await Talk.open(rig, { vad: { speech: [[480, 1504]] } });
      await talk.update({ audio: { input: TRANSCRIBED } });
      talk.appendTone(2_400);
      await talk.next("response.done");
      const started = talk.all("input_audio_buffer.speech_started")[0]!;
      const stopped = talk.all("input_audio_buffer.speech_stopped")[0]!;
      expect(started.audio_start_ms).toBe(480 - 300);
      expect(stopped.audio_end_ms).toBe(1504 + 512);
      expect(stopped.item_id).toBe(started.item_id);
      expect(talk.all("input_audio_buffer.committed")[0]?.item_id).toBe(started.item_id);
      const order = talk.typesFrom("input_audio_buffer.speech_started");
      expect(order.slice(0, 5)).toEqual([
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
      ]);
      expect(order.indexOf("response.created")).toBeGreaterThan(4);
      talk.send({ type: "conversation.item.retrieve", item_id: started.item_id });
      const retrieved = JSON.stringify((await talk.next("conversation.item.retrieved")).item);
      const audio = /"audio":"([^"]+)"/.exec(retrieved)?.[1] ?? "";
      expect(Buffer.from(audio, "base64").length / 48).toBe(1504 + 512 - 180);
    });

    it("create_response false leaves the answer to the client", async () => {
      const talk = await Talk.open(rig, { vad: { speech: [[0, 640]] } });
      await talk.update({
        audio: { input: { turn_detection: { type: "server_vad", create_response: false }, ...TRANSCRIBED } },
      });
      talk.appendTone(2_000);
      await talk.next("conversation.item.input_audio_transcription.completed");
      expect(talk.all("response.created")).toHaveLength(0);
    });

    it("barge-in cancels the reply and what was not heard is forgotten", async () => {
      const talk = await Talk.open(rig, {
        vad: {
          speech: [
            [0, 640],
            [3_200, 4_000],
          ],
        },
        llm: {
          reply: (_request, index) =>
            index === 0 ? ["It is a long story about a fox. And so", { wait: Infinity }] : "Sorry.",
        },
        tts: { msPerChar: 100 },
      });
      talk.appendTone(2_000);
      await talk.next("response.output_audio.delta");
      talk.appendTone(3_000);
      const interrupted = await talk.next("response.done");
      expect(interrupted.response).toMatchObject({
        status: "cancelled",
        status_details: { type: "cancelled", reason: "turn_detected" },
      });
      const types = talk.types();
      expect(types.lastIndexOf("input_audio_buffer.speech_started")).toBeLessThan(types.indexOf("response.done"));
      expect(talk.parts.llm.calls[0]?.state).toBe("aborted");
      expect((await talk.next("response.done")).response.status).toBe("completed");
      const memory = JSON.stringify(talk.parts.llm.calls[1]?.request.items);
      expect(memory).not.toContain("fox");
    });

    it("interrupt_response false lets the reply finish, then answers", async () => {
      const talk = await Talk.open(rig, {
        vad: {
          speech: [
            [0, 640],
            [2_400, 3_040],
          ],
        },
        llm: { reply: (_request, index) => (index === 0 ? ["First.", { wait: 150 }] : "Second.") },
      });
      await talk.update({ audio: { input: { turn_detection: { type: "server_vad", interrupt_response: false } } } });
      talk.appendTone(4_000);
      expect((await talk.next("response.done")).response).toMatchObject({ status: "completed" });
      expect((await talk.next("response.done")).response.output[0]).toMatchObject({
        content: [{ transcript: "Second." }],
      });
    });

    it("a commit by hand while detection is on works", async () => {
      const talk = await Talk.open(rig, { vad: { speech: [] } });
      talk.appendTone(300);
      talk.send({ type: "input_audio_buffer.commit" });
      expect(await talk.next("input_audio_buffer.committed")).toMatchObject({ previous_item_id: null });
    });

    it("positions go on across commits and formats", async () => {
      const talk = await Talk.open(rig, { vad: { speech: (at) => (at >= 320 && at < 960 ? 1 : 0) } });
      await talk.update({
        audio: { input: { turn_detection: { type: "server_vad", create_response: false, prefix_padding_ms: 0 } } },
      });
      talk.appendTone(1_600);
      expect((await talk.next("input_audio_buffer.speech_stopped")).audio_end_ms).toBe(960 + 512);
      await talk.update({ audio: { input: { format: { type: "audio/pcmu" } } } });
      for (let i = 0; i < 80; i += 1) {
        talk.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(160, 0xff).toString("base64") });
      }
      expect((await talk.next("input_audio_buffer.speech_started")).audio_start_ms).toBe(1_600 + 320);
    });

    it("idle_timeout_ms speaks up after the reply was heard", { timeout: 15_000 }, async () => {
      const talk = await Talk.open(rig, { vad: { speech: [] }, llm: { reply: "Hi." }, tts: { msPerChar: 10 } });
      await talk.update({ audio: { input: { turn_detection: { type: "server_vad", idle_timeout_ms: 5_000 } } } });
      talk.appendSilence(1_000);
      talk.say("Hi");
      await talk.respond();
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      const triggered = await talk.next("input_audio_buffer.timeout_triggered");
      expect(triggered).toMatchObject({ audio_start_ms: 0, audio_end_ms: 1_000 });
      expect((await talk.next("input_audio_buffer.committed")).item_id).toBe(triggered.item_id);
      await talk.next("response.done");
    });

    it("a detector that fails is told of, and listening starts anew", async () => {
      const talk = await Talk.open(rig, { vad: { failAt: { ms: 320, error: new Error("gone") } } });
      talk.appendTone(400);
      expect((await talk.next("error")).error).toMatchObject({ type: "server_error", event_id: null });
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.next("input_audio_buffer.committed");
      expect(talk.parts.vad?.streams.length).toBe(2);
    });
  });

  describe("semantic_vad", () => {
    const SEMANTIC = { audio: { input: { turn_detection: { type: "semantic_vad", eagerness: "high" } } } };
    const byWords = (asked: string[]): TurnDetector => ({
      name: "by words",
      judge: ({ transcript }) => {
        asked.push(transcript);
        return transcript.endsWith("please") ? 1 : 0;
      },
    });

    it("waits in an open sentence and answers a finished one", async () => {
      const asked: string[] = [];
      const talk = await Talk.open(rig, {
        vad: {
          speech: [
            [0, 640],
            [1_920, 2_560],
          ],
        },
        stt: { hear: (_request, index) => (index === 0 ? "I would like a" : "I would like a table please") },
        turns: byWords(asked),
      });
      await talk.update(SEMANTIC);
      talk.appendTone(1_800);
      await expect.poll(() => asked).toEqual(["", "I would like a"]);
      expect(talk.all("input_audio_buffer.speech_stopped")).toHaveLength(0);
      talk.appendTone(1_000);
      await expect.poll(() => asked.at(-1)).toBe("I would like a table please");
      await talk.next("response.done");
      expect(talk.all("input_audio_buffer.speech_stopped")).toHaveLength(1);
      expect(talk.all("input_audio_buffer.committed")).toHaveLength(1);
    });

    it("ends a turn after the longest wait, whatever the judgement", async () => {
      const talk = await Talk.open(rig, { vad: { speech: [[0, 640]] }, turns: byWords([]) });
      await talk.update(SEMANTIC);
      talk.appendTone(3_200);
      expect((await talk.next("input_audio_buffer.speech_stopped")).audio_end_ms).toBe(640 + 2_016);
    });

    it("goes by the silence when the judge fails", async () => {
      const fail = (): never => {
        throw new Error("no model");
      };
      const talk = await Talk.open(rig, { vad: { speech: [[0, 640]] }, turns: { name: "broken", judge: fail } });
      await talk.update(SEMANTIC);
      talk.appendTone(2_200);
      await talk.next("response.done");
    });
  });

  describe("speculation", () => {
    const speech = (...spans: [number, number][]) => ({ speech: spans });

    it("has words and reply under way before the turn is over, and shows nothing of it", async () => {
      const talk = await Talk.open(rig, { vad: speech([0, 640]), turnTaking: { speculate: "reply" } });
      talk.appendTone(900);
      await expect.poll(() => talk.parts.tts.calls.length).toBe(1);
      expect(talk.types()).toEqual(["session.created", "input_audio_buffer.speech_started"]);
      talk.appendTone(600);
      const { response } = await talk.next("response.done");
      expect(response).toMatchObject({ status: "completed", output: [{ content: [{ transcript: "Hello there." }] }] });
      const calls = [talk.parts.stt.calls, talk.parts.llm.calls, talk.parts.tts.calls].map((each) => each.length);
      expect(calls).toEqual([1, 1, 1]);
      expect(talk.typesFrom("input_audio_buffer.speech_stopped").slice(0, 5)).toEqual([
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
      ]);
    });

    it("is dropped when speech goes on: aborted, unseen, forgotten", async () => {
      const talk = await Talk.open(rig, {
        vad: speech([0, 640], [960, 1600]),
        stt: { hear: (_request, index) => (index === 0 ? "book a table" : "book a table for two") },
        llm: {
          reply: (request) => ["Understood, ", JSON.stringify(request.items).includes("two") ? "two." : "how many?"],
        },
        turnTaking: { speculate: "reply" },
      });
      talk.appendTone(800);
      await expect.poll(() => talk.parts.llm.calls.length).toBe(1);
      talk.appendTone(2_000);
      const { response } = await talk.next("response.done");
      expect(response.output[0]).toMatchObject({ content: [{ transcript: "Understood, two." }] });
      expect(talk.all("response.created")).toHaveLength(1);
      expect(talk.parts.llm.calls).toHaveLength(2);
      expect(JSON.stringify(talk.link.events)).not.toContain("how many");
      expect(talk.parts.llm.calls[1]?.request.items).toHaveLength(1);
    });

    it("is not used when something changed meanwhile", async () => {
      const talk = await Talk.open(rig, { vad: speech([0, 640]), turnTaking: { speculate: "reply" } });
      talk.appendTone(900);
      await expect.poll(() => talk.parts.tts.calls.length).toBe(1);
      await talk.update({ instructions: "Now in French." });
      talk.appendTone(600);
      await talk.next("response.done");
      expect(talk.parts.llm.calls.map((call) => call.request.instructions).at(-1)).toBe("Now in French.");
      expect(talk.parts.llm.calls).toHaveLength(2);
      expect(talk.parts.stt.calls).toHaveLength(1);
    });

    it.each([
      ["transcribe", 1, 0],
      ["off", 0, 0],
    ] as const)("%s goes no further", async (speculate, words, replies) => {
      const talk = await Talk.open(rig, { vad: speech([0, 640]), turnTaking: { speculate } });
      talk.appendTone(900);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([talk.parts.stt.calls.length, talk.parts.llm.calls.length]).toEqual([words, replies]);
      talk.appendTone(600);
      expect((await talk.next("response.done")).response.status).toBe("completed");
    });

    it("words that failed are asked for again", async () => {
      const talk = await Talk.open(rig, {
        vad: speech([0, 640]),
        stt: { hear: (_request, index) => (index === 0 ? [{ fail: "busy" }] : "hello") },
      });
      talk.appendTone(900);
      await expect.poll(() => talk.parts.stt.calls[0]?.state).toBe("failed");
      talk.appendTone(600);
      expect((await talk.next("response.done")).response.status).toBe("completed");
    });
  });

  describe("interruption", () => {
    const LONG = "Once upon a time there was a fox. It lived in a wood. It was old. And";
    const telling = { llm: { reply: [LONG, { wait: Infinity }] as const }, tts: { msPerChar: 100 } };

    async function listenToReply(talk: Talk): Promise<void> {
      talk.say("Tell me a story");
      talk.send({ type: "response.create" });
      await talk.next("response.output_audio.delta");
    }

    it("minInterruptionMs: a short noise does not stop the assistant, speech does", async () => {
      const talk = await Talk.open(rig, {
        ...telling,
        vad: {
          speech: [
            [320, 448],
            [1600, 2400],
          ],
        },
        turnTaking: { minInterruptionMs: 400 },
      });
      await listenToReply(talk);
      talk.appendTone(1_500);
      talk.send({ type: "conversation.item.retrieve", item_id: "none" });
      await talk.next("error");
      expect(talk.all("input_audio_buffer.speech_started")).toHaveLength(0);
      talk.appendTone(900);
      expect((await talk.next("response.done")).response.status_details).toMatchObject({ reason: "turn_detected" });
    });

    it.each([
      ["mm-hm", false],
      ["stop please", true],
    ])("ignoreBackchannels: %j", async (hear, interrupts) => {
      const talk = await Talk.open(rig, {
        ...telling,
        stt: { hear },
        vad: { speech: [[320, 768]] },
        turnTaking: { ignoreBackchannels: true },
      });
      await listenToReply(talk);
      talk.appendTone(900);
      await expect.poll(() => talk.parts.stt.calls[0]?.state).toBe("finished");
      talk.appendTone(600);
      if (interrupts) {
        expect((await talk.next("response.done")).response.status).toBe("cancelled");
        await talk.next("input_audio_buffer.committed");
      } else {
        talk.send({ type: "response.cancel" });
        expect((await talk.next("response.done")).response.status_details).toMatchObject({
          reason: "client_cancelled",
        });
        expect(talk.all("input_audio_buffer.speech_started")).toHaveLength(0);
      }
    });

    it("ignoreBackchannels: speech that goes on interrupts without waiting for its words", async () => {
      const talk = await Talk.open(rig, {
        ...telling,
        vad: { speech: [[0, 9_999]] },
        turnTaking: { ignoreBackchannels: true },
      });
      await listenToReply(talk);
      talk.appendTone(1_200);
      expect((await talk.next("input_audio_buffer.speech_started")).audio_start_ms).toBe(0);
      await talk.next("response.done");
    });

    it("resumeFalseInterruptions: after a noise without words the assistant goes on", async () => {
      const talk = await Talk.open(rig, {
        ...telling,
        stt: { hear: "" },
        vad: { speech: [[320, 640]] },
        turnTaking: { resumeFalseInterruptions: true },
      });
      await listenToReply(talk);
      talk.appendTone(1_400);
      expect((await talk.next("response.done")).response.status).toBe("cancelled");
      await expect.poll(() => talk.parts.llm.calls.length).toBe(2);
      expect(talk.parts.llm.calls[1]?.request.instructions).toMatch(/Go on from the last word/);
    });

    it("outputLeadMs: audio is sent no further ahead than that", async () => {
      const talk = await Talk.open(rig, { ...telling, turnTaking: { outputLeadMs: 500 } });
      const startedAt = performance.now();
      await listenToReply(talk);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const sentMs = talk
        .all("response.output_audio.delta")
        .reduce((sum, event) => sum + Buffer.from(event.delta, "base64").length / 48, 0);
      expect(sentMs).toBeLessThanOrEqual(500 + 200 + performance.now() - startedAt);
      talk.send({ type: "response.cancel" });
      await talk.next("response.done");
      const spoken = talk.parts.tts.calls.map((call) => call.request.text).join(" ");
      expect(spoken).not.toContain("It was old");
    });
  });
}
