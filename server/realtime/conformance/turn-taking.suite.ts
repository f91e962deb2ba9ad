import { describe, expect, it } from "vitest";
import type { SpeechToText, TranscriptEvent, TurnDetector } from "../engine/types";
import { readingIt, Talk, type Rig } from "./rig";

export function turnTakingSuite(rig: Rig): void {
  const itReads = readingIt(rig);
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
      await expect.poll(() => talk.parts.tts.calls.length).toBeGreaterThan(0);
      await talk.next("input_audio_buffer.speech_started");
      expect(talk.types()).toEqual(["session.created", "input_audio_buffer.speech_started"]);
      talk.appendTone(600);
      const { response } = await talk.next("response.done");
      expect(response).toMatchObject({ status: "completed", output: [{ content: [{ transcript: "Hello there." }] }] });
      const calls = [talk.parts.stt.calls, talk.parts.llm.calls, talk.parts.tts.calls].map((each) => each.length);
      // A model that speaks for itself does so word for word.
      expect(calls).toEqual([1, 1, rig.hears === true ? 2 : 1]);
      expect(talk.typesFrom("input_audio_buffer.speech_stopped").slice(0, 5)).toEqual([
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
      ]);
    });

    itReads("is dropped when speech goes on: aborted, unseen, forgotten", async () => {
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
      await expect.poll(() => talk.parts.tts.calls.length).toBeGreaterThan(0);
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

  describe("a recogniser that listens", () => {
    /** Finds a word for every 200 ms it hears, and says at the end what the test says. */
    function listener(words: readonly string[], last: string, heardMs: number[]): SpeechToText["listen"] {
      return ({ sampleRate, signal }) => {
        const found: TranscriptEvent[] = [];
        let wake: () => void = () => undefined;
        let samples = 0;
        const add = (event: TranscriptEvent): void => {
          found.push(event);
          wake();
        };
        return {
          push(chunk) {
            const before = Math.floor(samples / sampleRate / 0.2);
            samples += chunk.length;
            const until = Math.floor(samples / sampleRate / 0.2);
            for (const word of words.slice(before, until)) add({ type: "delta", text: word });
          },
          finish() {
            heardMs.push((samples * 1000) / sampleRate);
            add({ type: "done", text: last });
          },
          async *[Symbol.asyncIterator]() {
            for (;;) {
              const event = found.shift();
              if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
              else yield event;
              signal.throwIfAborted();
              if (event?.type === "done") return;
            }
          },
        };
      };
    }

    itReads.each([
      ["the words stay", "book a table", 1],
      ["the last words are others", "cook a table", 2],
    ])("%s: the reply is begun in the pause, and right in the end", async (_what, last, replies) => {
      const heardMs: number[] = [];
      const talk = await Talk.open(rig, {
        vad: { speech: [[320, 960]] },
        listen: listener(["book", " a", " table"], last, heardMs),
        llm: { reply: ({ items }) => `You said ${JSON.stringify(items).match(/\w+ a table/)?.[0] ?? "nothing"}.` },
        turnTaking: { speculate: "reply" },
      });
      await talk.update({ audio: { input: { transcription: { model: "live" } } } });
      talk.appendTone(1_200);
      await expect.poll(() => talk.parts.tts.calls.length).toBe(1);
      expect(talk.all("conversation.item.input_audio_transcription.delta")).toHaveLength(0);
      talk.appendTone(600);
      const { response } = await talk.next("response.done");
      expect(response.output[0]).toMatchObject({ content: [{ transcript: `You said ${last}.` }] });
      expect(talk.parts.llm.calls).toHaveLength(replies);
      expect(talk.parts.stt.calls).toHaveLength(0);
      const deltas = talk.all("conversation.item.input_audio_transcription.delta").map((event) => event.delta);
      expect(deltas).toEqual(["book", " a", " table"]);
      expect(talk.all("conversation.item.input_audio_transcription.completed")[0]?.transcript).toBe(last);
      expect(talk.all("response.done")).toHaveLength(1);
      expect(heardMs[0]).toBeGreaterThanOrEqual(960 + 500 - 20);
    });
  });

  itReads("a listening recogniser that breaks off is replaced by one that hears the whole turn", async () => {
    const talk = await Talk.open(rig, {
      vad: { speech: [[320, 960]] },
      stt: { hear: "from the recording" },
      listen: () => ({
        push: () => undefined,
        finish: () => undefined,
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error("connection lost")), 50)),
        }),
      }),
    });
    talk.appendTone(1_600);
    expect((await talk.next("response.done")).response.status).toBe("completed");
    expect(JSON.stringify(talk.parts.llm.calls.at(-1)?.request.items)).toContain("from the recording");
  });

  describe("interruption", () => {
    const LONG = "Once upon a time there was a fox. It lived in a wood. It was old. And";
    const telling = { llm: { reply: [LONG, { wait: Infinity }] as const }, tts: { msPerChar: 100 } };

    async function listenToReply(talk: Talk): Promise<void> {
      talk.say("Tell me a story");
      talk.send({ type: "response.create" });
      await talk.speaking();
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

    itReads("resumeFalseInterruptions: after a noise without words the assistant goes on", async () => {
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
