import { describe, expect, it } from "vitest";
import { scriptedStt } from "../testing/index";
import { batchListening } from "./batch-listening";
import { pipeline, type PipelineOptions } from "./pipeline";
import { all, settle, untilFailure } from "./test-kit";
import type { ListenRequest, SpeechToText, TranscriptEvent, TranscriptStream } from "./types";

const listenRequest = (change: Partial<ListenRequest> = {}): ListenRequest => ({
  sampleRate: 24_000,
  signal: new AbortController().signal,
  ...change,
});

/** A recogniser that hears one letter for each sample at once, and the whole at the end. */
class Speller implements SpeechToText {
  readonly name = "speller";
  readonly capabilities = { streaming: true };
  readonly requests: ListenRequest[] = [];
  /** What it does after `finish`. */
  constructor(private readonly ending: "done" | "silence" | "throw" | "end" = "done") {}

  transcribe(): never {
    throw new Error("not this way");
  }

  listen(request: ListenRequest): TranscriptStream {
    this.requests.push(request);
    let text = "";
    const events: TranscriptEvent[] = [];
    let wake = (): void => undefined;
    let finished = false;
    const { ending } = this;
    return {
      push(samples) {
        for (const sample of samples) {
          text += String.fromCharCode(sample);
          events.push({ type: "delta", text: text.at(-1)! });
        }
        wake();
      },
      finish() {
        finished = true;
        wake();
      },
      async *[Symbol.asyncIterator]() {
        for (;;) {
          for (const event of events.splice(0)) yield event;
          if (finished && ending === "throw") throw new Error("secret");
          if (finished && ending === "end") return;
          if (finished && ending === "done") return yield { type: "done", text };
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  }
}

const letters = (text: string): Int16Array => Int16Array.from(text, (letter) => letter.charCodeAt(0));

function listen(stt: SpeechToText, request = listenRequest(), options: PipelineOptions = {}): TranscriptStream {
  return pipeline({ ...options, stt }).listen!(request);
}

describe("listening while somebody speaks", () => {
  it("gives words as they come, and the whole at the end", async () => {
    const stt = new Speller();
    const stream = listen(stt, listenRequest({ language: "en", keywords: ["Ada"] }));
    const events = stream[Symbol.asyncIterator]();
    stream.push(letters("h"));
    expect((await events.next()).value).toEqual({ type: "delta", text: "h" });
    const waiting = events.next();
    stream.push(letters("i"));
    expect((await waiting).value).toEqual({ type: "delta", text: "i" });
    stream.finish();
    expect(await events.next()).toEqual({ done: false, value: { type: "done", text: "hi" } });
    expect((await events.next()).done).toBe(true);
    expect(stt.requests).toMatchObject([{ sampleRate: 24_000, language: "en", keywords: ["Ada"] }]);
    expect(stt.requests[0]!.signal.aborted).toBe(true);
  });

  it("what is pushed before anybody reads is not lost", async () => {
    const stream = listen(new Speller());
    stream.push(letters("early"));
    stream.finish();
    expect((await all(stream)).at(-1)).toEqual({ type: "done", text: "early" });
  });

  it("may take as long as somebody speaks, but not for ever afterwards", async () => {
    const timeouts = { stt: { firstMs: 30, gapMs: 30 } };
    const stream = listen(new Speller("silence"), listenRequest(), { timeouts });
    const reading = untilFailure(stream);
    await new Promise((resolve) => setTimeout(resolve, 80));
    stream.push(letters("a"));
    await new Promise((resolve) => setTimeout(resolve, 80));
    stream.finish();
    const begun = performance.now();
    expect(await reading).toMatchObject({
      seen: [{ type: "delta", text: "a" }],
      error: { stage: "stt", code: "timeout" },
    });
    expect(performance.now() - begun).toBeGreaterThan(20);
  });

  it.each([
    ["throw", { code: "failed", message: "The stt provider failed." }],
    ["end", { code: "incomplete", message: "The stt provider broke off before the end of the transcript." }],
  ] as const)("a provider that should %s is no surprise", async (ending, error) => {
    const stream = listen(new Speller(ending));
    stream.push(letters("a"));
    stream.finish();
    expect(await untilFailure(stream)).toMatchObject({ seen: [{ type: "delta" }], error: { stage: "stt", ...error } });
  });

  it("a provider that cannot even begin fails when it is read", async () => {
    const stt = new Speller();
    stt.listen = () => {
      throw new Error("no");
    };
    const stream = listen(stt);
    stream.push(letters("a"));
    stream.finish();
    expect(await untilFailure(stream)).toMatchObject({ seen: [], error: { stage: "stt", code: "failed" } });
  });

  it.each(["abort", "leave", "abort unread"])("frees the provider: %s", async (how) => {
    const stt = new Speller();
    const abort = new AbortController();
    const stream = listen(stt, listenRequest({ signal: abort.signal }));
    stream.push(letters("abc"));
    if (how === "leave") {
      for await (const event of stream) {
        expect(event.type).toBe("delta");
        break;
      }
    } else if (how === "abort") {
      const reading = untilFailure(stream);
      await settle();
      abort.abort(new Error("enough"));
      expect((await reading).error).toBe(abort.signal.reason);
    } else {
      abort.abort();
    }
    expect(stt.requests[0]!.signal.aborted).toBe(true);
  });

  it("is not offered by a recogniser of whole recordings", () => {
    expect(pipeline({ stt: scriptedStt() }).listen).toBeUndefined();
    expect(pipeline({}).listen).toBeUndefined();
  });
});

describe("a recogniser of whole recordings, wrapped", () => {
  it("collects, and transcribes when all was said", async () => {
    const stt = scriptedStt({ hear: "good day", streaming: true });
    const stream = batchListening((request) => stt.transcribe(request))(
      listenRequest({ sampleRate: 8_000, prompt: "Names", keywords: ["Ada", "Bo"], language: "en", logprobs: true }),
    );
    const block = Int16Array.of(1, 2, 3);
    stream.push(block);
    block.fill(9);
    stream.push(block);
    expect(stt.calls).toEqual([]);
    stream.finish();
    stream.push(block);
    expect((await all(stream)).map((event) => event.text)).toEqual(["good", " day", "good day"]);
    expect(stt.calls).toMatchObject([
      {
        request: {
          audio: { samples: Int16Array.of(1, 2, 3, 9, 9, 9), sampleRate: 8_000 },
          prompt: "Names, Ada, Bo",
          language: "en",
          logprobs: true,
        },
      },
    ]);
  });

  it("is told nothing when the speaker is cut off", async () => {
    const stt = scriptedStt();
    const abort = new AbortController();
    const stream = batchListening((request) => stt.transcribe(request))(listenRequest({ signal: abort.signal }));
    stream.push(Int16Array.of(1));
    const reading = untilFailure(stream);
    abort.abort(new Error("enough"));
    expect((await reading).error).toBe(abort.signal.reason);
    expect(stt.calls).toEqual([]);
  });

  it("gives up on somebody who never stops", async () => {
    const stream = batchListening((request) => scriptedStt().transcribe(request))(listenRequest({ sampleRate: 8_000 }));
    const minute = new Int16Array(8_000 * 60);
    for (let i = 0; i < 31; i++) stream.push(minute);
    expect((await untilFailure(stream)).error).toMatchObject({ stage: "stt", code: "bad_request" });
  });
});
