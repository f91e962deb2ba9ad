import { describe, expect, it } from "vitest";
import type { NoiseStreamOptions, NoiseSuppressor } from "../engine/types";
import { tone } from "../testing";
import { audioInEvents, readingIt, Talk, type Rig } from "./rig";

const MANUAL = { audio: { input: { turn_detection: null } } };
const TRANSCRIBED = { transcription: { model: "whisper-1" } };

export function turnsSuite(rig: Rig): void {
  const itReads = readingIt(rig);
  describe("audio committed by hand", () => {
    itReads("becomes an item, is transcribed and answered", async () => {
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

    itReads("is transcribed for the model even when the client did not ask for words", async () => {
      const talk = await Talk.open(rig, { stt: { hear: "quietly" } });
      await talk.update(MANUAL);
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.respond({ output_modalities: ["text"] });
      expect(talk.all("conversation.item.input_audio_transcription.completed")).toHaveLength(0);
      expect(JSON.stringify(talk.parts.llm.calls[0]?.request.items)).toContain("quietly");
    });

    it.runIf(audioInEvents(rig)).each([
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

    it.runIf(audioInEvents(rig)).each([8_000, 16_000, 24_000, 48_000])(
      "in PCM at %i Hz: heard, given back and measured at that rate",
      async (rate) => {
        const talk = await Talk.open(rig);
        const format = { type: "audio/pcm", rate };
        const { session } = await talk.update({ audio: { input: { turn_detection: null, format, ...TRANSCRIBED } } });
        expect(session.audio.input).toMatchObject({ format });
        const { samples } = tone({ ms: 300, sampleRate: rate });
        talk.append(samples);
        talk.send({ type: "input_audio_buffer.commit" });
        const { item_id, usage } = await talk.next("conversation.item.input_audio_transcription.completed");
        expect(usage).toEqual({ type: "duration", seconds: 0.3 });
        expect(talk.parts.stt.calls[0]!.request.audio).toEqual({ samples, sampleRate: rate });
        talk.send({ type: "conversation.item.retrieve", item_id });
        const { item } = await talk.next("conversation.item.retrieved");
        expect(item).toMatchObject({ content: [{ audio: Buffer.from(samples.buffer).toString("base64") }] });
      },
    );

    it("is told who said what, where the recogniser knows", async () => {
      const segment = { id: "seg_1", speaker: "A", text: "hello", start: 0, end: 0.2 };
      const talk = await Talk.open(rig, { stt: { hear: ["hello", { segment }] } });
      await talk.update({ audio: { input: { turn_detection: null, ...TRANSCRIBED } } });
      talk.appendTone(200);
      talk.send({ type: "input_audio_buffer.commit" });
      const { item_id } = await talk.next("input_audio_buffer.committed");
      const told = await talk.next("conversation.item.input_audio_transcription.segment");
      expect(told).toMatchObject({ item_id, content_index: 0, ...segment });
      expect((await talk.next("conversation.item.input_audio_transcription.completed")).transcript).toBe("hello");
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

    itReads("a recogniser's failure is told, and fails the answer", async () => {
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
      await talk.speaking();
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

    it.runIf(audioInEvents(rig)).each([
      [{ type: "audio/pcmu" }, 160],
      [{ type: "audio/pcm", rate: 8_000 }, 320],
      [{ type: "audio/pcm", rate: 48_000 }, 1_920],
    ])("positions go on across commits and formats: %j", async (format, bytes) => {
      const talk = await Talk.open(rig, { vad: { speech: (at) => (at >= 320 && at < 960 ? 1 : 0) } });
      await talk.update({
        audio: { input: { turn_detection: { type: "server_vad", create_response: false, prefix_padding_ms: 0 } } },
      });
      talk.appendTone(1_600);
      expect((await talk.next("input_audio_buffer.speech_stopped")).audio_end_ms).toBe(960 + 512);
      await talk.update({ audio: { input: { format } } });
      for (let i = 0; i < 80; i += 1) {
        talk.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(bytes, 0xff).toString("base64") });
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

  describe("noise reduction", () => {
    /** Halves every sample, and holds the last 480 back, as a real one would. */
    function halving(opened: NoiseStreamOptions[]): NoiseSuppressor {
      return {
        name: "halving",
        open(options) {
          opened.push(options);
          let held: number[] = [];
          const take = (count: number): Int16Array => Int16Array.from(held.splice(0, count));
          return {
            delaySamples: 480,
            process(samples) {
              held = held.concat(Array.from(samples, (sample) => sample >> 1));
              return take(Math.max(0, held.length - 480));
            },
            flush: () => take(held.length),
            close: () => undefined,
          };
        },
      };
    }

    it("cleans what is detected, transcribed and given back, and loses nothing of it", async () => {
      const opened: NoiseStreamOptions[] = [];
      const talk = await Talk.open(rig, { noise: halving(opened) });
      await talk.update({
        audio: { input: { turn_detection: null, noise_reduction: { type: "far_field", strength: 0.5 } } },
      });
      talk.append(new Int16Array(24_000).fill(1_000));
      talk.send({ type: "input_audio_buffer.commit" });
      const { item_id } = await talk.next("input_audio_buffer.committed");
      talk.send({ type: "conversation.item.retrieve", item_id });
      const retrieved = JSON.stringify((await talk.next("conversation.item.retrieved")).item);
      const audio = Buffer.from(/"audio":"([^"]+)"/.exec(retrieved)?.[1] ?? "", "base64");
      expect(audio.length).toBe(48_000);
      expect([audio.readInt16LE(0), audio.readInt16LE(47_998)]).toEqual([500, 500]);
      expect(opened).toEqual([{ sampleRate: 24_000, type: "far_field", strength: 0.5 }]);
    });

    it.runIf(audioInEvents(rig))("takes no more at once than it can clean without keeping others waiting", async () => {
      const talk = await Talk.open(rig, { noise: halving([]) });
      await talk.update({ audio: { input: { turn_detection: null, noise_reduction: { type: "near_field" } } } });
      const audio = Buffer.alloc(48_000 * 11).toString("base64");
      expect((await talk.refused({ type: "input_audio_buffer.append", audio })).param).toBe("audio");
    });

    it("null switches it off, and what it held back is kept", async () => {
      const talk = await Talk.open(rig, { noise: halving([]) });
      await talk.update({ audio: { input: { turn_detection: null, noise_reduction: { type: "near_field" } } } });
      talk.append(new Int16Array(4_800).fill(1_000));
      await talk.update({ audio: { input: { noise_reduction: null } } });
      talk.append(new Int16Array(4_800).fill(1_000));
      talk.send({ type: "input_audio_buffer.commit" });
      await talk.next("input_audio_buffer.committed");
      await talk.respond({ output_modalities: ["text"] });
      const { samples } = talk.parts.stt.calls[0]!.request.audio;
      expect([samples.length, samples[0], samples[4_799], samples[4_800]]).toEqual([9_600, 500, 500, 1_000]);
    });
  });
}
