import { describe, expect, it } from "vitest";
import { scriptedLlm, scriptedStt, scriptedTts, tone } from "../testing";
import { fallback } from "./fallback";
import { pipeline } from "./pipeline";
import { speechToSpeech } from "./speech-to-speech";
import { all, request, sketch, transcription, untilFailure } from "./test-kit";
import type { ConverseRequest, SpeechModel, SpeechModelEvent } from "./speech-model";
import type { Engine, PromptItem } from "./types";

const pcm = (ms: number) => tone({ ms, sampleRate: 24_000 });
const sound: SpeechModelEvent = { type: "audio", audio: pcm(100) };
const finish: SpeechModelEvent = { type: "finish", reason: "stop" };
const words = (text: string): SpeechModelEvent => ({ type: "speech", text });

function model(events: readonly SpeechModelEvent[], more: Partial<SpeechModel["capabilities"]> = {}) {
  const calls: ConverseRequest[] = [];
  const made: SpeechModel = {
    name: "omni",
    capabilities: { tools: true, images: true, speaks: true, ...more },
    voices: ["ash", "coral"],
    defaultVoice: "ash",
    async *converse(asked) {
      calls.push(asked);
      yield* events;
    },
  };
  return { ...made, calls };
}

const spoken = (ms: number, transcript: string | null = null): PromptItem => ({
  type: "message",
  role: "user",
  content: [{ type: "audio", audio: () => Promise.resolve(pcm(ms)), transcript, durationMs: ms }],
});
const typesOf = (items: readonly PromptItem[] = []): string[] =>
  items.flatMap((item) =>
    item.type === "message" ? item.content.map((part) => (part.type === "text" ? part.text : part.type)) : [item.type],
  );

describe("a model that speaks", () => {
  it("is passed on as it comes: words join each other, and sound may be first", async () => {
    const kept: SpeechModelEvent = { type: "kept", sound: {} };
    const events = await all(
      speechToSpeech({ model: model([sound, words("Good "), sound, words("day."), kept, finish]) }).respond(request()),
    );
    expect(events).toEqual([
      sound,
      { type: "speech", text: "Good ", joins: true },
      sound,
      { type: "speech", text: "day.", joins: true },
      kept,
      finish,
    ]);
  });

  it("has its voice's names, and needs no words", () => {
    const engine = speechToSpeech({ model: model([]), tts: scriptedTts({ voices: ["kal"] }) });
    expect([engine.voices, engine.defaultVoice, engine.transcripts]).toEqual([["ash", "coral"], "ash", "none"]);
    expect(engine.name).toBe("speech-to-speech(omni + scripted)");
    expect(speechToSpeech({ model: model([]), stt: scriptedStt() }).transcripts).toBe("beside");
  });

  it("says what it wrote, once its sound begins", async () => {
    const written: SpeechModelEvent = { type: "text", text: "Good day." };
    const engine = speechToSpeech({ model: model([written, sound, sound, finish]), tts: scriptedTts() });
    expect(sketch(await all(engine.respond(request())))).toEqual(["Good day.", "~", "~", "finish"]);
  });

  it("has what it wrote and never said read by the voice beside it, or else given as text", async () => {
    const events: SpeechModelEvent[] = [{ type: "text", text: "Good day." }, finish];
    const tts = scriptedTts({ voices: ["kal"], chunkMs: Infinity });
    const read = await all(speechToSpeech({ model: model(events), tts }).respond(request({ voice: "coral" })));
    expect(sketch(read)).toEqual(["Good day.", "~", "finish"]);
    expect(tts.calls[0]?.request).toMatchObject({ text: "Good day.", voice: "kal" });
    expect(await all(speechToSpeech({ model: model(events) }).respond(request()))).toEqual(events);
  });

  it("obeys a speed that it knows nothing of", async () => {
    const engine = speechToSpeech({ model: model([words("Slowly."), sound, sound, finish]) });
    const events = await all(engine.respond(request({ speed: 0.5 })));
    const samples = events.reduce((sum, event) => sum + (event.type === "audio" ? event.audio.samples.length : 0), 0);
    expect(samples).toBe(2 * 4_800);
    expect(events.at(-1)).toEqual(finish);
  });

  it("answers in words alone when no sound is wanted", async () => {
    const omni = model([words("Good "), sound, words("day."), finish]);
    const events = await all(speechToSpeech({ model: omni }).respond(request({ modality: "text" })));
    expect(sketch(events)).toEqual(["Good ", "day.", "finish"]);
    expect(omni.calls[0]?.modality).toBe("text");
  });

  it("that breaks off has failed", async () => {
    const { seen, error } = await untilFailure(
      speechToSpeech({ model: model([words("Good "), sound]) }).respond(request()),
    );
    expect(sketch(seen)).toEqual(["Good ", "~"]);
    expect(error).toMatchObject({ stage: "llm", code: "incomplete" });
  });

  it("that is silent is given up in time, and its signal fires", async () => {
    let signal: AbortSignal | undefined;
    const silent: SpeechModel = {
      ...model([]),
      converse: (asked) => {
        ({ signal } = asked);
        return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
      },
    };
    const engine = speechToSpeech({ model: silent, timeouts: { model: { firstMs: 5 } } });
    expect((await untilFailure(engine.respond(request()))).error).toMatchObject({ stage: "llm", code: "timeout" });
    expect(signal?.aborted).toBe(true);
  });
});

describe("a model that only hears", () => {
  const hears = (events: readonly SpeechModelEvent[]) => model(events, { speaks: false });

  it("is asked for words, which a voice says", async () => {
    const omni = hears([{ type: "text", text: "Good day. Bye." }, finish]);
    const engine = speechToSpeech({ model: omni, tts: scriptedTts({ chunkMs: Infinity, voices: ["kal"] }) });
    expect(engine.voices).toEqual(["kal"]);
    expect(sketch(await all(engine.respond(request({ voice: "kal" }))))).toEqual([
      "Good day. ",
      "~",
      "Bye.",
      "~",
      "finish",
    ]);
    expect(omni.calls[0]?.modality).toBe("text");
  });

  it("says why it is silent without one, and writes", async () => {
    const engine = speechToSpeech({ model: hears([{ type: "text", text: "Hi." }, finish]) });
    expect((await untilFailure(engine.respond(request()))).error).toMatchObject({
      stage: "tts",
      code: "not_configured",
    });
    expect(sketch(await all(engine.respond(request({ modality: "text" }))))).toEqual(["Hi.", "finish"]);
  });
});

describe("what it is given", () => {
  it("is sound up to a bound, newest first, and words before that", async () => {
    const omni = model([finish]);
    const items = [spoken(900, "one"), spoken(500), spoken(600, "three"), spoken(5_000)];
    const engine = speechToSpeech({ model: omni, soundMs: 5_600 });
    await all(engine.respond(request({ items })));
    expect(typesOf(omni.calls[0]?.items)).toEqual(["one", "(speech that could not be transcribed)", "audio", "audio"]);
    const dropped = {
      type: "message",
      role: "user",
      content: [{ type: "audio", audio: undefined, transcript: "gone" }],
    };
    await all(engine.respond(request({ items: [dropped as PromptItem, spoken(100)] })));
    expect(typesOf(omni.calls[1]?.items)).toEqual(["gone", "audio"]);
  });

  it("is the newest turn, however long, and with no sound before it where none is wanted", async () => {
    const omni = model([finish]);
    await all(
      speechToSpeech({ model: omni, soundMs: 0 }).respond(request({ items: [spoken(1, "old"), spoken(9_000)] })),
    );
    expect(typesOf(omni.calls[0]?.items)).toEqual(["old", "audio"]);
    expect(() => speechToSpeech({ model: omni, soundMs: -1 })).toThrow(TypeError);
  });

  it("has neither tools nor images where the model has none", async () => {
    const omni = model([finish], { tools: false, images: false });
    const image: PromptItem = {
      type: "message",
      role: "user",
      content: [{ type: "image", url: "data:,", detail: "low" }],
    };
    const tools = [{ name: "f", description: undefined, parameters: undefined }];
    await all(speechToSpeech({ model: omni }).respond(request({ items: [image], tools })));
    expect(omni.calls[0]).toMatchObject({ tools: [], toolChoice: "none" });
    expect(typesOf(omni.calls[0]?.items)).toEqual(["(an image, which you cannot see)"]);
  });
});

describe("what it cannot do without others", () => {
  it("is transcribing and translating, and it says so", async () => {
    const engine = speechToSpeech({ model: model([]) });
    const { error } = await untilFailure(engine.transcribe(transcription()));
    expect(error).toMatchObject({ stage: "stt", code: "not_configured" });
    expect(String(error)).toContain("hears speech itself");
    expect(engine.cannotTranslate).toContain("no speech recogniser");
    expect([engine.listen, engine.speak]).toEqual([undefined, undefined]);
  });
});

describe("in a fallback", () => {
  const plain = () =>
    pipeline({ stt: scriptedStt({ hear: "hello" }), llm: scriptedLlm({ reply: "Second." }), tts: scriptedTts() });

  it("another engine answers when it is down, so words are waited for", async () => {
    const broken: SpeechModel = {
      ...model([]),
      converse: () => {
        throw new Error("down");
      },
    };
    const both = fallback([speechToSpeech({ model: broken }), plain()]) as Engine;
    expect(both.transcripts).toBe("needed");
    expect(sketch(await all(both.respond(request({ modality: "text" })))).join("")).toBe("Second.finish");
    const heard = await all(both.transcribe(transcription()));
    expect(heard.at(-1)).toMatchObject({ text: "hello" });
  });

  it("two of a kind need no words", () => {
    const one = speechToSpeech({ model: model([]) });
    const other = speechToSpeech({ model: model([]), stt: scriptedStt() });
    expect((fallback([one, other]) as Engine).transcripts).toBe("beside");
    expect((fallback([one, speechToSpeech({ model: model([]) })]) as Engine).transcripts).toBe("none");
  });
});
