import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone, type LlmStep } from "../testing/index";
import { pipeline } from "./pipeline";
import { all, request, settle, sketch, transcription } from "./test-kit";
import type { NoiseSuppressor, PromptItem } from "./types";

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

  it("voices, detector and noise reduction are the parts' own, and close closes each part once", async () => {
    const closed: string[] = [];
    const close = (name: string) => ({ close: async () => void closed.push(name) });
    const tts = { ...scriptedTts({ voices: ["a", "b"] }), ...close("tts") };
    const vad = { ...scriptedVad(), ...close("vad") };
    const llm = { ...scriptedLlm({ capabilities: { tools: true, images: false } }), ...close("llm") };
    const noise: NoiseSuppressor = { name: "hush", open: vi.fn(), ...close("noise") };
    const engine = pipeline({ tts, vad, llm, noise });
    expect(engine).toMatchObject({ voices: ["a", "b"], defaultVoice: "a", vad, noise });
    expect(engine.name).toBe("pipeline(none → scripted → scripted)");
    await engine.close?.();
    expect(closed.sort()).toEqual(["llm", "noise", "tts", "vad"]);
  });
});
