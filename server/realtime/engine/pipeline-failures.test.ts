import { afterEach, describe, expect, it, vi } from "vitest";
import { scriptedLlm, scriptedStt, scriptedTts, tone } from "../testing/index";
import { EngineError } from "./errors";
import { pipeline } from "./pipeline";
import { all, request, settle, sketch, transcription, untilFailure } from "./test-kit";
import type { GenerateEvent, TextToSpeech } from "./types";

afterEach(() => {
  vi.useRealTimers();
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
  const broken = new Error("secret key sk-123 at /srv/me");

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
