import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone, type LlmStep } from "../testing/index";
import { EngineError } from "./errors";
import { pipeline } from "./pipeline";
import type { GenerateEvent, PromptItem, ReplyEvent, ReplyRequest, TextToSpeech, TranscribeRequest } from "./types";

const request = (change: Partial<ReplyRequest> = {}): ReplyRequest => ({
  sessionId: "sess_1",
  responseId: "resp_1",
  model: "m",
  instructions: "Be kind.",
  items: [],
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: undefined,
  maxOutputTokens: undefined,
  reasoningEffort: undefined,
  modality: "audio",
  voice: "alloy",
  speed: 1,
  signal: new AbortController().signal,
  ...change,
});

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** Events until the failure, and the failure. */
async function untilFailure<T>(events: AsyncIterable<T>): Promise<{ seen: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const event of events) seen.push(event);
  } catch (error) {
    return { seen, error };
  }
  throw new Error("it did not fail");
}

/** `speech` as its words, audio as "~", tool events by their type. */
function sketch(events: readonly ReplyEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "speech" || event.type === "text") return event.text;
    return event.type === "audio" ? "~" : event.type;
  });
}

/** Long enough for everything that can go on without its reader to have gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

afterEach(() => {
  vi.useRealTimers();
});

describe("a text reply", () => {
  it("is the model's own stream", async () => {
    const usage = { inputTokens: 7, outputTokens: 2, cachedInputTokens: 1 };
    const tts = scriptedTts();
    const engine = pipeline({ llm: scriptedLlm({ reply: "Hello there.", usage }), tts });
    expect(await all(engine.respond(request({ modality: "text" })))).toEqual([
      { type: "text", text: "Hello" },
      { type: "text", text: " there." },
      { type: "finish", reason: "stop", usage },
    ]);
    expect(tts.calls).toEqual([]);
  });

  it("does not make a message of the blank lines before a tool call", async () => {
    const reply = ["\n", "\n ", { toolCall: { name: "f", arguments: {} } }] as const;
    const events = await all(pipeline({ llm: scriptedLlm({ reply }) }).respond(request({ modality: "text" })));
    expect(sketch(events)).toEqual(["tool-call", "tool-arguments", "tool-call-done", "finish"]);
    const kept = pipeline({ llm: scriptedLlm({ reply: ["\n", "Yes"] }) }).respond(request({ modality: "text" }));
    expect(sketch(await all(kept))).toEqual(["\nYes", "finish"]);
  });
});

describe("a spoken reply", () => {
  it("comes clause by clause: words, then their audio, and the finish last", async () => {
    const tts = scriptedTts({ msPerChar: 10, chunkMs: 100 });
    const engine = pipeline({ llm: scriptedLlm({ reply: "Hello you. How are you now?" }), tts });
    const events = await all(engine.respond(request({ voice: "echo", speed: 1.25 })));
    expect(sketch(events)).toEqual(["Hello you. ", "~", "How are you now?", "~", "~", "finish"]);
    expect(tts.calls.map((call) => call.request)).toMatchObject([
      { text: "Hello you.", voice: "echo", speed: 1.25 },
      { text: "How are you now?", voice: "echo", speed: 1.25 },
    ]);
  });

  it("keeps the model's words in the transcript and speaks them plainly", async () => {
    const tts = scriptedTts();
    const engine = pipeline({ llm: scriptedLlm({ reply: "**Hi!** 👋\n```\ncode\n```\nBye." }), tts });
    const events = await all(engine.respond(request()));
    const transcript = events.map((event) => (event.type === "speech" ? event.text : "")).join("");
    expect(transcript).toBe("**Hi!** 👋\n```\ncode\n```\nBye.");
    expect(tts.calls.map((call) => call.request.text)).toEqual(["Hi!", "Bye."]);
  });

  it("may be spoken another way", async () => {
    const tts = scriptedTts();
    const speak = () => (clause: string) => clause.trim().toUpperCase();
    await all(pipeline({ llm: scriptedLlm({ reply: "Hi. Bye." }), tts, speak }).respond(request()));
    expect(tts.calls.map((call) => call.request.text)).toEqual(["HI.", "BYE."]);
  });

  it("has a transcript that equals the model's text, however that was chunked", async () => {
    const words = fc.constantFrom(
      "Dr.",
      "Smith",
      "paid",
      "3.14",
      "euros,",
      "didn't",
      "he?",
      "**Yes!**",
      "…",
      "\n-",
      "好。",
      "😀",
    );
    const text = fc.array(words, { minLength: 1, maxLength: 40 }).map((list) => list.join(" "));
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(text, sizes, async (reply, steps) => {
        const split = (whole: string): string[] => {
          const chunks: string[] = [];
          for (let at = 0; at < whole.length; at += steps[(chunks.length - 1) % steps.length]!) {
            chunks.push(whole.slice(at, at + steps[chunks.length % steps.length]!));
          }
          return chunks;
        };
        const engine = pipeline({ llm: scriptedLlm({ reply, split }), tts: scriptedTts({ msPerChar: 1 }) });
        const events = await all(engine.respond(request()));
        expect(events.map((event) => (event.type === "speech" ? event.text : "")).join("")).toBe(reply);
        expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
      }),
      { numRuns: 50 },
    );
  });
});

describe("pace", () => {
  const sentences = "One is one. Two is two. Three is three. Four is four. Five is five.";

  it("starts nothing before it is read", async () => {
    const llm = scriptedLlm();
    pipeline({ llm, tts: scriptedTts() }).respond(request());
    await settle();
    expect(llm.calls).toEqual([]);
  });

  it("synthesises one clause ahead of its reader, and no more", async () => {
    const tts = scriptedTts();
    const reading = pipeline({ llm: scriptedLlm({ reply: sentences }), tts })
      .respond(request())
      [Symbol.asyncIterator]();
    await reading.next();
    await settle();
    expect(tts.calls).toHaveLength(2);
    for (let clauses = 1; clauses < 3;) if ((await reading.next()).value?.type === "speech") clauses++;
    await settle();
    expect(tts.calls).toHaveLength(4);
    await reading.return?.();
  });

  it("synthesises the next clause while the last one still comes", async () => {
    const tts = scriptedTts({ chunkDelayMs: 5, chunkMs: 20 });
    const engine = pipeline({ llm: scriptedLlm({ reply: sentences }), tts });
    let overlaps = 0;
    for await (const event of engine.respond(request())) {
      if (event.type === "audio" && tts.calls.filter((call) => call.state === "running").length > 1) overlaps++;
    }
    expect(overlaps).toBeGreaterThan(3);
  });

  it("lets the voice rest while nobody reads", async () => {
    const tts = scriptedTts({ msPerChar: 10_000, chunkMs: 1000 });
    const reading = pipeline({ llm: scriptedLlm({ reply: sentences }), tts })
      .respond(request())
      [Symbol.asyncIterator]();
    for (let events = 0; events < 11; events++) await reading.next();
    await settle();
    expect(tts.calls.map((call) => call.emitted)).toEqual([15, 5]);
    await reading.return?.();
    expect(tts.calls.map((call) => call.state)).toEqual(["aborted", "aborted"]);
  });

  it("lets the model rest when too many clauses wait", async () => {
    const llm = scriptedLlm({ reply: "Yes. ".repeat(500) });
    const reading = pipeline({ llm, tts: scriptedTts() }).respond(request())[Symbol.asyncIterator]();
    await reading.next();
    await settle();
    expect(llm.calls[0]!.emitted).toBeLessThan(80);
    let events = 1;
    while (!(await reading.next()).done) events++;
    expect(events).toBe(1001);
  });
});

describe("tool calls", () => {
  const call = (name: string): LlmStep => ({ toolCall: { name, arguments: { a: 1 }, callId: `call_${name}` } });

  it("pass at once while a clause is still being synthesised, after the words before them", async () => {
    const tts = scriptedTts({ delayMs: 20 });
    const engine = pipeline({ llm: scriptedLlm({ reply: ["Let me see", call("f"), call("g")] }), tts });
    const events = await all(engine.respond(request()));
    const calls = ["tool-call", "tool-arguments", "tool-call-done"];
    expect(sketch(events)).toEqual(["Let me see", ...calls, ...calls, "~", "~", "finish"]);
    expect(events.flatMap((event) => (event.type === "tool-call" ? [event.callId] : []))).toEqual(["call_f", "call_g"]);
    expect(events.at(-1)).toEqual({ type: "finish", reason: "tool_calls" });
  });

  it("may stand alone, and words may follow", async () => {
    const engine = pipeline({ llm: scriptedLlm({ reply: [call("f"), "Done. "] }), tts: scriptedTts({ msPerChar: 1 }) });
    expect(sketch(await all(engine.respond(request())))).toEqual([
      "tool-call",
      "tool-arguments",
      "tool-call-done",
      "Done. ",
      "~",
      "finish",
    ]);
  });
});

describe("stopping", () => {
  const endless = { reply: ["One is one. Two is two. Three", { wait: Infinity }] } as const;

  it("an abort in the middle of a clause ends model and voice at once", async () => {
    const llm = scriptedLlm(endless);
    const tts = scriptedTts({ chunkDelayMs: 5, chunkMs: 20 });
    const abort = new AbortController();
    const { seen, error } = await untilFailure(
      (async function* () {
        for await (const event of pipeline({ llm, tts }).respond(request({ signal: abort.signal }))) {
          yield event;
          if (event.type === "audio") abort.abort();
        }
      })(),
    );
    expect(sketch(seen)).toEqual(["One is one. ", "~"]);
    expect(error).toBe(abort.signal.reason);
    await settle();
    expect(new Set([...llm.calls, ...tts.calls].map((made) => made.state))).toEqual(new Set(["aborted"]));
  });

  it("an aborted request starts nothing", async () => {
    const llm = scriptedLlm();
    const signal = AbortSignal.abort();
    await expect(all(pipeline({ llm, tts: scriptedTts() }).respond(request({ signal })))).rejects.toBe(signal.reason);
    expect(llm.calls).toEqual([]);
  });

  it.each(["text", "audio"] as const)("a reader that leaves a %s reply ends everything", async (modality) => {
    const llm = scriptedLlm(endless);
    const tts = scriptedTts();
    for await (const event of pipeline({ llm, tts }).respond(request({ modality }))) {
      expect(event).toBeDefined();
      break;
    }
    await settle();
    expect([...llm.calls, ...tts.calls].map((made) => made.state)).not.toContain("running");
  });

  it("a reader may leave while it waits for the next event", async () => {
    const llm = scriptedLlm({ reply: [{ wait: Infinity }] });
    const reading = pipeline({ llm, tts: scriptedTts() }).respond(request())[Symbol.asyncIterator]();
    const waiting = reading.next();
    await settle();
    await reading.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(llm.calls).toMatchObject([{ state: "aborted" }]);
  });

  it("does not wait for a provider that ignores its signal", async () => {
    const deaf: TextToSpeech = {
      ...scriptedTts(),
      async *synthesize() {
        yield tone({ ms: 20 });
        await new Promise(() => undefined);
      },
    };
    const abort = new AbortController();
    const reply = pipeline({ llm: scriptedLlm(), tts: deaf }).respond(request({ signal: abort.signal }));
    setTimeout(() => abort.abort(), 10);
    const { seen, error } = await untilFailure(reply);
    expect(sketch(seen)).toEqual(["Hello there.", "~"]);
    expect(error).toBe(abort.signal.reason);
  });
});

describe("failures", () => {
  const broken = new Error("secret key sk-123 at /home/me");

  it.each(["text", "audio"] as const)("of the model, after what it said, in a %s reply", async (modality) => {
    const tts = scriptedTts({ msPerChar: 1 });
    const engine = pipeline({ llm: scriptedLlm({ reply: ["One is one. Two", { fail: broken }] }), tts });
    const { seen, error } = await untilFailure(engine.respond(request({ modality })));
    expect(seen.length).toBeGreaterThan(1);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ stage: "llm", code: "failed", message: "The llm provider failed.", cause: broken });
  });

  it("of the voice, before its words are announced; the clauses before were spoken, and the model is stopped", async () => {
    const llm = scriptedLlm({ reply: ["One is one. Two is two. Three is", { wait: Infinity }] });
    const tts = scriptedTts({ speak: (_request, index) => (index === 0 ? [{ ms: 50 }] : [{ fail: broken }]) });
    const { seen, error } = await untilFailure(pipeline({ llm, tts }).respond(request()));
    expect(sketch(seen)).toEqual(["One is one. ", "~"]);
    expect(error).toMatchObject({ stage: "tts", code: "failed", cause: broken });
    await settle();
    expect(llm.calls).toMatchObject([{ state: "aborted" }]);
  });

  it("of the recogniser", async () => {
    const engine = pipeline({ stt: scriptedStt({ hear: [{ fail: broken }] }) });
    const { error } = await untilFailure(engine.transcribe(transcription()));
    expect(error).toMatchObject({ stage: "stt", code: "failed", cause: broken });
  });

  it("keep the error that a provider made for clients", async () => {
    const fail = new EngineError({ stage: "llm", code: "rate_limit_exceeded", message: "Slow down.", retryable: true });
    const engine = pipeline({ llm: scriptedLlm({ reply: [{ fail }] }) });
    expect((await untilFailure(engine.respond(request()))).error).toBe(fail);
  });

  it("a model that breaks off without a finish", async () => {
    async function* generate(): AsyncGenerator<GenerateEvent> {
      yield { type: "text", text: "Hello" };
    }
    const engine = pipeline({ llm: { ...scriptedLlm(), generate } });
    const { error } = await untilFailure(engine.respond(request({ modality: "text" })));
    expect(error).toMatchObject({ stage: "llm", code: "incomplete", retryable: true });
  });

  it("a part that is missing says so", async () => {
    const engine = pipeline({});
    expect((await untilFailure(engine.respond(request()))).error).toMatchObject({
      stage: "llm",
      code: "not_configured",
    });
    expect((await untilFailure(engine.transcribe(transcription()))).error).toMatchObject({ stage: "stt" });
    const mute = pipeline({ llm: scriptedLlm() });
    expect((await untilFailure(mute.respond(request()))).error).toMatchObject({ stage: "tts", code: "not_configured" });
    expect(sketch(await all(mute.respond(request({ modality: "text" }))))).toEqual(["Hello", " there.", "finish"]);
  });
});

describe("timeouts", () => {
  async function failAfter(events: AsyncIterable<unknown>, ms: number): Promise<unknown> {
    let failure: unknown;
    const reading = untilFailure(events).then(({ error }) => (failure = error));
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(failure).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await reading;
    return failure;
  }

  it("a model that says nothing", async () => {
    vi.useFakeTimers();
    const llm = scriptedLlm({ reply: [{ wait: Infinity }] });
    const error = await failAfter(pipeline({ llm }).respond(request()), 30_000);
    expect(error).toMatchObject({ stage: "llm", code: "timeout", retryable: true });
    expect(error).toMatchObject({ message: "The llm provider sent nothing for 30 s." });
    expect(llm.calls).toMatchObject([{ state: "aborted" }]);
  });

  it("a model that falls silent", async () => {
    vi.useFakeTimers();
    const llm = scriptedLlm({ reply: ["Well", { wait: Infinity }] });
    const reply = pipeline({ llm, timeouts: { llm: { gapMs: 2500 } } }).respond(request({ modality: "text" }));
    expect(await failAfter(reply, 2500)).toMatchObject({ message: "The llm provider sent nothing for 2.5 s." });
  });

  it("a voice and a recogniser that say nothing", async () => {
    vi.useFakeTimers();
    const timeouts = { tts: { firstMs: 700 }, stt: { firstMs: 800 } };
    const tts = scriptedTts({ delayMs: 5000 });
    const engine = pipeline({ llm: scriptedLlm(), tts, stt: scriptedStt({ delayMs: 5000 }), timeouts });
    expect(await failAfter(engine.respond(request()), 700)).toMatchObject({ stage: "tts", code: "timeout" });
    expect(await failAfter(engine.transcribe(transcription()), 800)).toMatchObject({ stage: "stt", code: "timeout" });
  });

  it("do not run while the reader takes its time, and can be switched off", async () => {
    vi.useFakeTimers();
    const tts = scriptedTts({ msPerChar: 5000, chunkMs: 1000 });
    const llm = scriptedLlm({ delayMs: 100_000 });
    const engine = pipeline({ llm, tts, timeouts: { llm: { firstMs: Infinity } } });
    const reading = engine.respond(request())[Symbol.asyncIterator]();
    const first = reading.next();
    await vi.advanceTimersByTimeAsync(100_000);
    expect((await first).value).toMatchObject({ type: "speech" });
    await vi.advanceTimersByTimeAsync(100_000);
    expect((await reading.next()).value).toMatchObject({ type: "audio" });
    await reading.return?.();
    expect(vi.getTimerCount()).toBe(0);
  });
});

function transcription(): TranscribeRequest {
  return { audio: tone({ ms: 100 }), signal: new AbortController().signal };
}

describe("what the parts are asked", () => {
  it("the model gets the words of speech, and nothing about voices", async () => {
    const llm = scriptedLlm();
    const audio = async () => tone({ ms: 100 });
    const message = (transcript: string | null): PromptItem => ({
      type: "message",
      role: "user",
      content: [{ type: "audio", audio, transcript }],
    });
    await all(pipeline({ llm }).respond(request({ modality: "text", items: [message("Hi."), message(null)] })));
    const { request: asked } = llm.calls[0]!;
    expect(asked.items.map((item) => item.type === "message" && item.content)).toEqual([
      [{ type: "text", text: "Hi." }],
      [{ type: "text", text: "(speech that could not be transcribed)" }],
    ]);
    expect(Object.keys(asked)).not.toEqual(expect.arrayContaining(["voice"]));
    expect(asked).toMatchObject({ instructions: "Be kind.", sessionId: "sess_1", toolChoice: "auto" });
  });

  it("a model is not asked for what it cannot do", async () => {
    const llm = scriptedLlm({ capabilities: { tools: false, images: false } });
    const tools = [{ name: "f", description: undefined, parameters: undefined }];
    const items = [
      { type: "message", role: "user", content: [{ type: "image", url: "data:,", detail: "auto" }] },
    ] as const;
    await all(pipeline({ llm }).respond(request({ modality: "text", tools, toolChoice: "required", items })));
    expect(llm.calls[0]!.request).toMatchObject({ tools: [], toolChoice: "none" });
    expect(JSON.stringify(llm.calls[0]!.request.items)).not.toContain("data:");
  });

  it("the recogniser gets the whole request, and its events pass", async () => {
    const stt = scriptedStt({ hear: "good day", streaming: true });
    const events = await all(pipeline({ stt }).transcribe({ ...transcription(), language: "en", prompt: "p" }));
    expect(events.map((event) => event.text)).toEqual(["good", " day", "good day"]);
    expect(stt.calls).toMatchObject([{ request: { language: "en", prompt: "p" }, state: "finished" }]);
  });

  it("voices and detector are the parts' own, and close closes each part once", async () => {
    const closed: string[] = [];
    const close = (name: string) => ({ close: async () => void closed.push(name) });
    const tts = { ...scriptedTts({ voices: ["a", "b"] }), ...close("tts") };
    const vad = { ...scriptedVad(), ...close("vad") };
    const llm = { ...scriptedLlm({ capabilities: { tools: true, images: false } }), ...close("llm") };
    const engine = pipeline({ tts, vad, llm });
    expect(engine).toMatchObject({ voices: ["a", "b"], defaultVoice: "a", vad });
    expect(engine.name).toBe("pipeline(none → scripted → scripted)");
    await engine.close?.();
    expect(closed.sort()).toEqual(["llm", "tts", "vad"]);
  });
});
