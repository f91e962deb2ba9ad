import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tone } from "../testing";
import { checkServerEvent } from "../protocol/server-events";
import { Talk, type Rig, type Setup } from "./rig";

const append = (pcm: Int16Array): Record<string, unknown> => ({
  type: "session.input_audio_buffer.append",
  audio: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString("base64"),
});
const speech = (ms: number): Record<string, unknown> => append(tone({ ms }).samples);
const silence = (ms: number): Record<string, unknown> => append(tone({ ms, amplitude: 0 }).samples);

/** Says as much as it was given, so that it can be told what it was given. */
const echo: Setup["llm"] = {
  reply: ({ items }) => {
    const last = items.at(-1);
    return last?.type === "message" && last.content[0]?.type === "text" ? `<${last.content[0].text}>` : "?";
  },
};

export function translationSuite(rig: Rig): void {
  const open = (setup: Setup = {}): Promise<Talk> =>
    Talk.open(rig, { kind: "translation", llm: echo, tts: { msPerChar: 5 }, ...setup });
  const update = async (talk: Talk, session: Record<string, unknown>) => {
    talk.send({ type: "session.update", session });
    return (await talk.next("session.updated")).session;
  };
  const told = (talk: Talk, which: "input" | "output"): string =>
    talk
      .all(`session.${which}_transcript.delta`)
      .map(({ delta }) => delta)
      .join("");
  const finish = async (talk: Talk): Promise<void> => {
    talk.send({ type: "session.close" });
    await talk.next("session.closed");
  };

  describe("translation session", () => {
    it("begins with its own resource", async () => {
      const talk = await open();
      expect(talk.all("session.created")[0]?.session).toEqual({
        id: expect.stringMatching(/^sess_/) as string,
        type: "translation",
        model: "antiphon",
        expires_at: expect.any(Number) as number,
        audio: { input: { noise_reduction: null, transcription: null }, output: { language: "en" } },
      });
    });

    it("hears, translates and speaks, and session.close brings out the rest before session.closed", async () => {
      const talk = await open({ stt: { hear: (_request, index) => ["good morning", "how are you"][index] ?? "" } });
      await update(talk, { audio: { output: { language: "es" }, input: { transcription: { model: "whisper-1" } } } });
      for (let turn = 0; turn < 2; turn++) {
        talk.send(speech(800));
        talk.send(silence(600));
      }
      await finish(talk);
      expect(told(talk, "input")).toBe("good morning how are you");
      expect(told(talk, "output")).toBe("<good morning> <how are you>");
      expect(talk.all("session.output_audio.delta").length).toBeGreaterThan(1);
      expect(talk.types().at(-1)).toBe("session.closed");
      expect(await talk.link.closed).toBe(1000);
      const [first] = talk.parts.llm.calls;
      expect(first?.request.instructions).toContain("Spanish (es)");
      expect(first?.request.tools).toEqual([]);
      expect(talk.parts.stt.calls[0]?.request.model).toBe("whisper-1");
      expect(talk.parts.llm.calls[1]?.request.items).toHaveLength(3);
    });

    it("tells of time in whole frames that never go back, and never beyond the audio", async () => {
      const talk = await open({ stt: { hear: "one, two, three, four and five, six", streaming: true } });
      await update(talk, { audio: { input: { transcription: { model: "whisper-1" } } } });
      for (let turn = 0; turn < 3; turn++) {
        // Odd pieces: the server makes frames of them.
        for (let piece = 0; piece < 10; piece++) talk.send(speech(77));
        talk.send(silence(603));
      }
      await finish(talk);
      for (const type of ["session.output_transcript.delta", "session.output_audio.delta"] as const) {
        const times = talk.all(type).map(({ elapsed_ms }) => elapsed_ms);
        expect(times.length).toBeGreaterThan(0);
        expect(times.every((ms) => ms % 200 === 0 && ms > 0 && ms <= 4_200)).toBe(true);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
      const bytes = talk.all("session.output_audio.delta").map(({ delta }) => Buffer.from(delta, "base64").length);
      expect(bytes.every((length) => length > 0 && length % 2 === 0 && length <= 9_600)).toBe(true);
    });

    it("words of a recogniser that listens are translated before the speaker pauses", async () => {
      const talk = await open({
        listen: ({ signal }) => {
          let finish = (): void => undefined;
          const finished = new Promise<void>((resolve) => (finish = resolve));
          let heard = (): void => undefined;
          const enough = new Promise<void>((resolve) => (heard = resolve));
          let samples = 0;
          return {
            push: (chunk) => {
              samples += chunk.length;
              if (samples > 24_000) heard();
            },
            finish: () => finish(),
            async *[Symbol.asyncIterator]() {
              await enough;
              yield { type: "delta", text: "The first sentence is over. And " } as const;
              await finished;
              signal.throwIfAborted();
              yield { type: "done", text: "The first sentence is over. And another follows." } as const;
            },
          };
        },
      });
      for (let piece = 0; piece < 10; piece++) talk.send(speech(200));
      const early = await talk.next("session.output_audio.delta");
      expect(early.elapsed_ms).toBeLessThanOrEqual(2_000);
      expect(told(talk, "output")).toBe("<The first sentence is over.>");
      await finish(talk);
      expect(told(talk, "output")).toBe("<The first sentence is over.> <And another follows.>");
    });

    it("without a detector, speech is cut by its length", async () => {
      const talk = await open({ vad: null, stt: { hear: "words" } });
      for (let piece = 0; piece < 85; piece++) talk.send(speech(200));
      await finish(talk);
      expect(talk.parts.stt.calls.length).toBe(3);
      const heard = talk.parts.stt.calls.map(({ request }) => request.audio.samples.length);
      expect(heard.reduce((sum, length) => sum + length, 0)).toBe(85 * 4_800);
    });

    it("tells the words of the talk only where they are asked for", async () => {
      const talk = await open();
      talk.send(speech(800));
      await finish(talk);
      expect(told(talk, "input")).toBe("");
      expect(told(talk, "output")).toBe("<hello>");
    });

    it.each<[string, Setup]>([
      ["recogniser", { stt: { hear: (_request, index) => (index === 0 ? [{ fail: "boom" }] : "again") } }],
      [
        "language model",
        { stt: { hear: "again" }, llm: { reply: (_request, index) => (index === 0 ? [{ fail: "boom" }] : "<again>") } },
      ],
      [
        "voice",
        {
          stt: { hear: "again" },
          tts: { speak: (_request, index) => (index === 0 ? [{ fail: "boom" }] : [{ ms: 100 }]) },
        },
      ],
    ])("a %s that fails costs a piece of the talk, and the client is told", async (_what, setup) => {
      const talk = await open(setup);
      for (let turn = 0; turn < 2; turn++) {
        talk.send(speech(800));
        talk.send(silence(600));
      }
      const { error } = await talk.next("error");
      expect(error).toMatchObject({ type: "server_error", event_id: null });
      expect(error.message).not.toContain("boom");
      await talk.next("session.output_audio.delta");
      await finish(talk);
      expect(talk.all("error")).toHaveLength(1);
    });

    it("a detector that fails is replaced, and what it had heard is not lost", async () => {
      const talk = await open({ vad: { failAt: { ms: 800, error: new Error("boom") } }, stt: { hear: "words" } });
      for (let piece = 0; piece < 10; piece++) talk.send(speech(100));
      await talk.next("error");
      expect((await talk.next("session.output_transcript.delta")).delta).toBe("<words>");
    });

    it("updates merge, and null switches off", async () => {
      const talk = await open();
      await update(talk, { audio: { input: { transcription: { model: "a" } }, output: { language: "pt-BR" } } });
      expect(await update(talk, { type: "translation", audio: { input: {} } })).toMatchObject({
        audio: { input: { transcription: { model: "a" } }, output: { language: "pt-BR" } },
      });
      expect(await update(talk, { audio: { input: { transcription: null, noise_reduction: null } } })).toMatchObject({
        audio: { input: { transcription: null, noise_reduction: null }, output: { language: "pt-BR" } },
      });
    });

    it("another language is another talk to the model", async () => {
      const talk = await open({ stt: { hear: "hello" } });
      talk.send(speech(800));
      talk.send(silence(600));
      await talk.next("session.output_audio.delta");
      await update(talk, { audio: { output: { language: "de" } } });
      talk.send(speech(800));
      await finish(talk);
      const [, second] = talk.parts.llm.calls;
      expect(second?.request.instructions).toContain("German (de)");
      expect(second?.request.items).toHaveLength(1);
    });

    it("noise is taken out where the engine can", async () => {
      const talk = await open({
        noise: {
          name: "silencer",
          open: () => ({
            delaySamples: 0,
            process: (samples) => new Int16Array(samples.length),
            flush: () => new Int16Array(0),
            close: () => undefined,
          }),
        },
      });
      const session = await update(talk, { audio: { input: { noise_reduction: { type: "near_field" } } } });
      expect(session.audio.input.noise_reduction).toEqual({ type: "near_field", strength: 1 });
      talk.send(speech(800));
      talk.send(silence(600));
      await finish(talk);
      expect(talk.parts.stt.calls).toHaveLength(0);
    });

    it.each<[string, Record<string, unknown> | string | Buffer, Record<string, unknown>]>([
      ["an event of conversations", { type: "response.create", event_id: "e" }, { param: "type", event_id: "e" }],
      ["their append", { type: "input_audio_buffer.append", audio: "" }, { code: "invalid_value", param: "type" }],
      ["no session", { type: "session.update" }, { code: "missing_required_parameter", param: "session" }],
      [
        "another kind of session",
        { type: "session.update", session: { type: "realtime" } },
        { code: "invalid_value", param: "session.type" },
      ],
      [
        "another model",
        { type: "session.update", session: { model: "x" } },
        { code: "unknown_parameter", param: "session.model" },
      ],
      [
        "a format",
        { type: "session.update", session: { audio: { input: { format: { type: "audio/pcmu" } } } } },
        { code: "unknown_parameter", param: "session.audio.input.format" },
      ],
      [
        "no language",
        { type: "session.update", event_id: "l", session: { audio: { output: { language: "klingonese" } } } },
        { code: "invalid_value", param: "session.audio.output.language", event_id: "l" },
      ],
      [
        "a language of null",
        { type: "session.update", session: { audio: { output: { language: null } } } },
        { code: "invalid_type", param: "session.audio.output.language" },
      ],
      [
        "a transcription without its model",
        { type: "session.update", session: { audio: { input: { transcription: {} } } } },
        { code: "missing_required_parameter", param: "session.audio.input.transcription.model" },
      ],
      [
        "noise reduction that nobody does",
        { type: "session.update", session: { audio: { input: { noise_reduction: { type: "near_field" } } } } },
        { code: "unsupported_parameter", param: "session.audio.input.noise_reduction" },
      ],
      ["no base64", { type: "session.input_audio_buffer.append", audio: "not base64!!" }, { param: "audio" }],
      ["half a sample", { type: "session.input_audio_buffer.append", audio: "AAAA" }, { param: "audio" }],
      ["a binary frame", Buffer.from('{"type":"session.close"}'), { code: "invalid_event" }],
      ["no JSON", "{oops", { code: "invalid_json" }],
    ])("%s is answered by an error, and the session goes on", async (_what, event, expected) => {
      const talk = await open();
      const before = talk.all("session.created")[0]?.session;
      expect(await talk.refused(event)).toMatchObject(expected);
      expect(await update(talk, {})).toEqual(before);
    });

    it("audio that comes faster than it can be kept is refused, and what was taken is translated", async () => {
      const talk = await open({ limits: { maxAudioBytes: 96_000 }, stt: { hear: "words" } });
      talk.send(speech(1_500));
      expect(await talk.refused({ ...speech(3_000), event_id: "big" })).toMatchObject({
        code: "input_audio_buffer_full",
        param: "audio",
        event_id: "big",
      });
      await finish(talk);
      expect(told(talk, "output")).toBe("<words>");
    });

    it("after session.close nothing more is taken, and closing twice is closing once", async () => {
      const talk = await open({ llm: { reply: [{ wait: 50 }, "late"] } });
      talk.send(speech(800));
      talk.send({ type: "session.close" });
      talk.send({ type: "session.close" });
      expect(await talk.refused({ ...speech(200), event_id: "late" })).toMatchObject({
        code: "session_closing",
        event_id: "late",
      });
      await talk.next("session.closed");
      expect(told(talk, "output")).toBe("late");
    });

    it(
      "event structure, event id uniqueness and order hold for any sequence of events",
      { timeout: 60_000 },
      async () => {
        const anyEvent = fc.oneof(
          fc.constantFrom<Record<string, unknown>>(
            speech(300),
            speech(37),
            silence(500),
            { type: "session.update", session: { audio: { output: { language: "fr" } } } },
            { type: "session.update", session: { audio: { input: { transcription: { model: "m" } } } } },
            { type: "session.update", session: { audio: { input: { transcription: null } } } },
            { type: "session.update", session: { nope: 1 } },
            { type: "nonsense" },
          ),
          fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), async (events) => {
            const talk = await open({ stt: { hear: "well, yes", streaming: true } });
            for (const event of events) talk.send(event);
            await finish(talk);
            const log = talk.link.events;
            for (const event of log) expect(checkServerEvent(event), JSON.stringify(event)).toBeNull();
            expect(new Set(log.map(({ event_id }) => event_id)).size).toBe(log.length);
            expect(log.at(-1)?.type).toBe("session.closed");
            const words = told(talk, "output");
            expect(words).toBe("<well, yes> ".repeat(words.split("<").length - 1).trim());
          }),
          { numRuns: 15 },
        );
      },
    );
  });
}
