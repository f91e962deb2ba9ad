import { describe, expect, it } from "vitest";
import type { GenerateRequest, SynthesizeRequest, TranscribeRequest, VadFrame } from "../engine/types";
import { inTurn, scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone } from "./index";

const live = (): AbortSignal => new AbortController().signal;

const generate = (signal = live()): GenerateRequest => ({
  sessionId: "sess_1",
  model: "m",
  instructions: "",
  items: [],
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: undefined,
  maxOutputTokens: undefined,
  reasoningEffort: undefined,
  signal,
});
const synthesize = (text: string, speed = 1, signal = live()): SynthesizeRequest => ({
  text,
  voice: "alloy",
  speed,
  signal,
});
const transcribe = (signal = live()): TranscribeRequest => ({ audio: tone({ ms: 100 }), signal });

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe("scriptedLlm", () => {
  it("streams a text word by word and finishes", async () => {
    const llm = scriptedLlm({ reply: "One two.", usage: { inputTokens: 3 } });
    expect(await all(llm.generate(generate()))).toEqual([
      { type: "text", text: "One" },
      { type: "text", text: " two." },
      { type: "finish", reason: "stop", usage: { inputTokens: 3 } },
    ]);
    expect(llm.calls).toMatchObject([{ state: "finished", emitted: 3 }]);
  });

  it("calls tools, and takes another script for each call", async () => {
    const llm = scriptedLlm({ reply: inTurn([{ toolCall: { name: "sum", arguments: { a: 1, b: 2 } } }], "Three.") });
    const first = await all(llm.generate(generate()));
    expect(first.at(0)).toEqual({ type: "tool-call", index: 0, name: "sum" });
    expect(first.map((event) => (event.type === "tool-arguments" ? event.delta : "")).join("")).toBe('{"a":1,"b":2}');
    expect(first.at(-1)).toEqual({ type: "finish", reason: "tool_calls" });
    expect((await all(llm.generate(generate()))).at(0)).toEqual({ type: "text", text: "Three." });
  });

  it("fails where the script says so", async () => {
    const llm = scriptedLlm({ reply: ["Well", { fail: "gone" }] });
    await expect(all(llm.generate(generate()))).rejects.toThrow("gone");
    expect(llm.calls).toMatchObject([{ state: "failed", emitted: 1 }]);
  });

  it("stops waiting when it is aborted", async () => {
    const llm = scriptedLlm({ reply: ["Well", { wait: Infinity }, "never"] });
    const abort = new AbortController();
    const reading = all(llm.generate(generate(abort.signal)));
    setTimeout(() => abort.abort(), 5);
    await expect(reading).rejects.toThrow(/abort/i);
    expect(llm.calls).toMatchObject([{ state: "aborted", emitted: 1 }]);
  });

  it("knows that its reader left", async () => {
    const llm = scriptedLlm({ reply: "One two three" });
    for await (const event of llm.generate(generate())) if (event.type === "text") break;
    expect(llm.calls).toMatchObject([{ state: "aborted", emitted: 1 }]);
  });
});

describe("scriptedStt", () => {
  it("hears the script, with deltas when it streams", async () => {
    const usage = { type: "duration", seconds: 0.1 } as const;
    expect(await all(scriptedStt({ hear: "good day", usage }).transcribe(transcribe()))).toEqual([
      { type: "done", text: "good day", usage },
    ]);
    expect(await all(scriptedStt({ hear: "good day", streaming: true }).transcribe(transcribe()))).toEqual([
      { type: "delta", text: "good" },
      { type: "delta", text: " day" },
      { type: "done", text: "good day" },
    ]);
  });

  it("may answer by what it was asked", async () => {
    const stt = scriptedStt({ hear: ({ language }, index) => `${language ?? "?"} ${index}` });
    expect(await all(stt.transcribe({ ...transcribe(), language: "de" }))).toEqual([{ type: "done", text: "de 0" }]);
  });
});

describe("scriptedTts", () => {
  it("hums as long as the text, in chunks", async () => {
    const tts = scriptedTts({ sampleRate: 16_000, msPerChar: 50, chunkMs: 100 });
    const chunks = await all(tts.synthesize(synthesize("hello")));
    expect(chunks.map((chunk) => chunk.samples.length)).toEqual([1600, 1600, 800]);
    expect(Math.max(...chunks[0]!.samples)).toBeGreaterThan(5000);
    const hurried = await all(tts.synthesize(synthesize("hello", 1.25)));
    expect(hurried.reduce((sum, chunk) => sum + chunk.samples.length, 0)).toBe(3200);
  });
});

describe("scriptedVad", () => {
  async function listen(vad: ReturnType<typeof scriptedVad>, pushes: Int16Array[]): Promise<(VadFrame | Error)[]> {
    const seen: (VadFrame | Error)[] = [];
    const report = (frame: VadFrame | Error): void => void seen.push(frame);
    const stream = vad.open({ sampleRate: 8000, onFrame: report, onError: report });
    for (const push of pushes) {
      stream.push(push);
      expect(seen).toEqual([]);
    }
    await new Promise((resolve) => setImmediate(resolve));
    return seen;
  }

  it("is sure inside of the stated spans, frame by frame, never from inside push", async () => {
    const frames = await listen(scriptedVad({ speech: [[32, 96]] }), [new Int16Array(300), new Int16Array(800)]);
    expect(frames).toEqual([
      { endSample: 256, probability: 0 },
      { endSample: 512, probability: 1 },
      { endSample: 768, probability: 1 },
      { endSample: 1024, probability: 0 },
    ]);
  });

  it("hears loud audio as speech when no spans are stated", async () => {
    const loud = tone({ ms: 64, sampleRate: 8000 }).samples;
    const frames = await listen(scriptedVad({ deliver: "immediate" }), [new Int16Array(256), loud]);
    expect(frames).toMatchObject([{ probability: 0 }, { probability: 1 }, { probability: 1 }]);
  });

  it("breaks when told to, and says nothing after it was closed", async () => {
    const error = new Error("no model");
    expect(await listen(scriptedVad({ failAt: { ms: 64, error } }), [new Int16Array(1024)])).toEqual([
      { endSample: 256, probability: 0 },
      error,
    ]);
    const vad = scriptedVad();
    const stream = vad.open({ sampleRate: 8000, onFrame: () => expect.fail("closed"), onError: () => undefined });
    stream.push(new Int16Array(256));
    stream.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(vad.streams).toMatchObject([{ sampleRate: 8000, pushedSamples: 256, closed: true }]);
  });
});
