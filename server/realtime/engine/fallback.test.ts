import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scriptedLlm, scriptedStt, scriptedTts, type ScriptedLlmOptions } from "../testing";
import { fallback, isOut, type ModelEngine } from "./fallback";
import { fallbackLlm, fallbackStt, fallbackTts } from "./fallback-stages";
import { pipeline } from "./pipeline";
import { relay } from "./relay";
import type { Engine, GenerateRequest, ReplyRequest } from "./types";
import { EngineError } from "./errors";

const broken = (code = "unreachable") => ({ fail: new EngineError({ stage: "llm", code, message: `It is ${code}.` }) });
const ask = (signal = new AbortController().signal): GenerateRequest & ReplyRequest => ({
  sessionId: "sess_1",
  responseId: "resp_1",
  model: "m",
  instructions: "",
  items: [],
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: undefined,
  maxOutputTokens: undefined,
  reasoningEffort: undefined,
  modality: "text",
  voice: "alloy",
  speed: 1,
  signal,
});

async function textOf(events: AsyncIterable<{ type: string }>): Promise<string> {
  let text = "";
  for await (const event of events) if ("text" in event) text += String(event.text);
  return text;
}

const model = (reply: ScriptedLlmOptions["reply"]) => scriptedLlm({ reply });

describe("fallbackLlm", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("asks the next one when nothing was said yet, and only then", async () => {
    const [down, up] = [model([broken()]), model("Hello.")];
    expect(await textOf(fallbackLlm([down, up]).generate(ask()))).toBe("Hello.");
    const half = model(["Well", broken()]);
    await expect(textOf(fallbackLlm([half, up]).generate(ask()))).rejects.toThrow("It is unreachable.");
    expect(up.calls).toHaveLength(1);
  });

  it("tells of the last failure when all fail", async () => {
    const both = fallbackLlm([model([broken("timeout")]), model([broken("provider_error")])]);
    await expect(textOf(both.generate(ask()))).rejects.toThrow("It is provider_error.");
  });

  it("does not take what was refused for its content elsewhere", async () => {
    const other = model("Hello.");
    const refused = fallbackLlm([model([broken("content_filter")]), other]);
    await expect(textOf(refused.generate(ask()))).rejects.toThrow("It is content_filter.");
    expect(other.calls).toHaveLength(0);
  });

  it("leaves one that keeps failing out for a while, then tries it once", async () => {
    let well = false;
    const first = model(() => (well ? "First." : [broken()]));
    const llm = fallbackLlm([first, model("Second.")], { failures: 3, outMs: 1_000 });
    const say = () => textOf(llm.generate(ask()));
    for (let turn = 0; turn < 5; turn += 1) expect(await say()).toBe("Second.");
    expect(first.calls).toHaveLength(3);
    vi.setSystemTime(Date.now() + 1_100);
    expect(await say()).toBe("Second.");
    expect(await say()).toBe("Second.");
    expect(first.calls).toHaveLength(4);
    well = true;
    vi.setSystemTime(Date.now() + 1_100);
    expect([await say(), await say()]).toEqual(["First.", "First."]);
  });

  it("does not hold a mistake of the request against a provider", async () => {
    const first = model([broken("bad_request")]);
    const llm = fallbackLlm([first, model("Second.")], { failures: 1 });
    for (let turn = 0; turn < 3; turn += 1) expect(await textOf(llm.generate(ask()))).toBe("Second.");
    expect(first.calls).toHaveLength(3);
  });

  it("does not wait for one that says nothing", async () => {
    const silent = model([{ wait: Infinity }]);
    expect(await textOf(fallbackLlm([silent, model("Hello.")], { firstMs: 10 }).generate(ask()))).toBe("Hello.");
    expect(silent.calls).toMatchObject([{ state: "aborted" }]);
  });

  it("stops with its reader, and asks nobody else after an abort", async () => {
    const [slow, other] = [model([{ wait: Infinity }]), model("Hello.")];
    const abort = new AbortController();
    const reading = textOf(fallbackLlm([slow, other], { failures: 1 }).generate(ask(abort.signal)));
    setTimeout(() => abort.abort(), 5);
    await expect(reading).rejects.toThrow(/abort/i);
    expect([slow.calls[0]?.state, other.calls.length]).toEqual(["aborted", 0]);
    const talker = model("One two three four");
    for await (const event of fallbackLlm([talker]).generate(ask())) if (event.type === "text") break;
    expect(talker.calls).toMatchObject([{ state: "aborted" }]);
  });

  it("is as able as the least of them, and refuses to be nobody", () => {
    const blind = scriptedLlm({ capabilities: { tools: true, images: false } });
    expect(
      fallbackLlm([
        { ...scriptedLlm(), contextTokens: 9_000 },
        { ...blind, contextTokens: 8_000 },
      ]),
    ).toMatchObject({
      capabilities: { tools: true, images: false },
      contextTokens: 8_000,
      name: "scripted | scripted",
    });
    expect(() => fallbackLlm([])).toThrow(TypeError);
  });
});

describe("fallbackTts and fallbackStt", () => {
  it("speaks with the other's own voice where it does not know the one that was asked for", async () => {
    const down = scriptedTts({ fail: new Error("down") } as never);
    const failing = {
      ...down,
      voices: ["marin"],
      defaultVoice: "marin",
      synthesize: () => model([broken()]).generate(ask()) as never,
    };
    const other = { ...scriptedTts(), voices: ["kal"], defaultVoice: "kal" };
    const tts = fallbackTts([failing, other]);
    expect([tts.voices, tts.defaultVoice]).toEqual([["marin"], "marin"]);
    const { signal } = new AbortController();
    for await (const { samples } of tts.synthesize({ text: "Hello", voice: "marin", speed: 1, signal }))
      expect(samples.length).toBeGreaterThan(0);
    expect(other.calls.map(({ request }) => request.voice)).toEqual(["kal"]);
  });

  it("hears with the next one", async () => {
    const failing = { ...scriptedStt(), transcribe: () => model([broken()]).generate(ask()) as never };
    const stt = fallbackStt([failing, scriptedStt({ hear: "good day" })]);
    const audio = { samples: new Int16Array(10), sampleRate: 24_000 };
    expect(await textOf(stt.transcribe({ audio, signal: new AbortController().signal }))).toBe("good day");
    expect([stt.listen, stt.capabilities.streaming]).toEqual([undefined, false]);
  });
});

describe("fallback", () => {
  const engineOf = (reply: ScriptedLlmOptions["reply"]) =>
    pipeline({ llm: model(reply), tts: scriptedTts(), stt: scriptedStt() });
  const isPipeline = (engine: ModelEngine): engine is Engine => engine.kind !== "relay" && engine.kind !== "fallback";

  it("joins pipelines into one, which answers as long as one of them does", async () => {
    const joined = fallback([engineOf([broken()]), engineOf("Hello.")]);
    if (!isPipeline(joined)) throw new Error("It is no pipeline.");
    expect(await textOf(joined.respond(ask()))).toBe("Hello.");
    expect(joined.name).toBe("pipeline(scripted → scripted → scripted) | pipeline(scripted → scripted → scripted)");
  });

  it("takes back words of which nothing was heard", async () => {
    const mute = { ...scriptedTts(), synthesize: () => model([broken()]).generate(ask()) as never };
    const first = pipeline({ llm: model("First."), tts: mute, stt: scriptedStt() });
    const joined = fallback([first, engineOf("Second.")]);
    if (!isPipeline(joined)) throw new Error("It is no pipeline.");
    const events: string[] = [];
    for await (const event of joined.respond({ ...ask(), modality: "audio" }))
      if (event.type !== "audio") events.push("text" in event ? event.text : event.type);
    expect(events).toEqual(["Second.", "finish"]);
  });

  it("is what it holds when that is one, and keeps relays and pipelines apart", () => {
    const [a, b] = [engineOf("a"), engineOf("b")];
    const other = relay({ url: "ws://host" });
    expect(fallback([a])).toBe(a);
    expect(fallback([other])).toBe(other);
    const mixed = fallback([other, fallback([a, b])]);
    expect(mixed).toMatchObject({
      kind: "fallback",
      candidates: [{ kind: "relay" }, { name: `${a.name} | ${b.name}` }],
    });
    expect(() => fallback([])).toThrow(TypeError);
  });

  it("knows when all that stand in for each other are out", async () => {
    const joined = fallback([engineOf([broken()]), engineOf([broken()])], { failures: 1 });
    if (!isPipeline(joined)) throw new Error("It is no pipeline.");
    expect(isOut(joined)).toBe(false);
    await expect(textOf(joined.respond(ask()))).rejects.toThrow();
    expect(isOut(joined)).toBe(true);
    await expect(textOf(joined.respond(ask()))).rejects.toThrow(/out of order just now/);
  });

  it("closes all, each once", async () => {
    const close = vi.fn(() => Promise.resolve());
    const shared = { ...engineOf("a"), close };
    await fallback([relay({ url: "ws://host" }), shared, shared]).close?.();
    expect(close).toHaveBeenCalledTimes(1);
  });
});
