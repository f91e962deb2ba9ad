/** What only a real connection shows: slow drips, cuts in the middle, nobody at home, and aborts that reach the wire. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { tone } from "../../realtime/testing/index";
import type { GenerateEvent } from "../../realtime/engine/types";
import { openaiLanguageModel, openaiSpeechModel, openaiSpeechToText, openaiTextToSpeech } from "./index";
import { all, delta, failureOf, generateRequest, HELLO, live, sseText, textOf } from "./test-kit";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Starts a server; returns its base URL. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => void handler(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const options = (baseURL: string) => ({ baseURL, apiKey: "sk-secret-key", model: "m", maxRetries: 0 });
const stream = { "content-type": "text/event-stream" };
const spoken = (signal = live()) => ({ ...generateRequest({ signal }), modality: "audio" as const, voice: "ash" });

describe("a language model on the wire", () => {
  it("may drip, byte by byte", async () => {
    const base = await serve(async (_request, response) => {
      response.writeHead(200, stream);
      const bytes = Buffer.from(sseText(HELLO.map((event) => event)).replace("there.", "thére 👋."));
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        if (at % 70 === 0) await sleep(1);
      }
      response.end();
    });
    expect(textOf(await all(openaiLanguageModel(options(base)).generate(generateRequest())))).toBe("Hello thére 👋.");
  });

  it.each([
    ["the connection is cut", undefined, "connection_lost", "The connection to the llm provider broke off."],
    [
      "an error in the stream",
      { error: { message: "overloaded" } },
      "provider_error",
      "The llm provider broke off: overloaded",
    ],
    ["no JSON", "{oops", "bad_response", "The llm provider sent something that is not valid JSON."],
    ["no end", "[DONE]", "incomplete", "The llm provider broke off before the end of its reply."],
  ])("is not asked again after its first words: %s", async (_name, last, code, message) => {
    let asked = 0;
    const base = await serve(async (_request, response) => {
      asked++;
      response.writeHead(200, stream);
      response.write(sseText([delta({ content: "Hello" })]));
      await sleep(5);
      if (last === undefined) response.destroy();
      else response.end(sseText([last]));
    });
    const seen: GenerateEvent[] = [];
    const reading = (async () => {
      const llm = openaiLanguageModel({ ...options(base), maxRetries: 2 });
      for await (const event of llm.generate(generateRequest())) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ stage: "llm", code, message, retryable: true });
    expect(textOf(seen)).toBe("Hello");
    expect(asked).toBe(1);
  });

  it("nobody there: names host and port, and no key", async () => {
    const base = await serve(() => undefined);
    const { port } = new URL(base);
    closing.splice(0).forEach((close) => close());
    const error = await failureOf(openaiLanguageModel(options(base)).generate(generateRequest()));
    expect(error).toMatchObject({
      stage: "llm",
      code: "unreachable",
      message: `Could not reach the llm provider at 127.0.0.1:${port}: connection refused.`,
      retryable: true,
    });
  });

  it("no answer in time", async () => {
    const base = await serve(() => undefined);
    const error = await failureOf(openaiLanguageModel({ ...options(base), timeoutMs: 20 }).generate(generateRequest()));
    expect(error).toMatchObject({ code: "timeout", message: "The llm provider did not answer in time." });
  });
});

describe("a model that speaks on the wire", () => {
  it("is refused in words that say so when its sound is no PCM", async () => {
    const mp3 = Buffer.concat([Buffer.from("ID3\x04"), Buffer.alloc(40)]).toString("base64");
    const base = await serve((_request, response) => {
      response.writeHead(200, stream).end(sseText([delta({ audio: { data: mp3 } }), delta({}, "stop"), "[DONE]"]));
    });
    const error = await failureOf(openaiSpeechModel(options(base)).converse(spoken()));
    expect(error).toMatchObject({ stage: "llm", code: "unsupported_audio" });
    expect(error).toHaveProperty("message", expect.stringContaining("The llm provider's audio cannot be used"));
  });
});

describe.each([
  {
    model: "a language model",
    first: delta({ content: "Hello" }),
    read: (base: string, signal: AbortSignal) =>
      openaiLanguageModel(options(base)).generate(generateRequest({ signal })),
    type: "text",
  },
  {
    model: "a model that speaks",
    first: delta({ audio: { id: "audio_1", transcript: "Hello" } }),
    read: (base: string, signal: AbortSignal) => openaiSpeechModel(options(base)).converse(spoken(signal)),
    type: "speech",
  },
])("$model on the wire", ({ first, read, type }) => {
  it.each(["abort", "leave"])("hangs up when its reader wants no more: %s", async (how) => {
    let hungUp = (): void => undefined;
    const gone = new Promise<void>((resolve) => (hungUp = resolve));
    const base = await serve((_request, response) => {
      response.on("close", hungUp);
      response.writeHead(200, stream);
      response.write(sseText([first]));
    });
    const abort = new AbortController();
    const reading = (async () => {
      for await (const event of read(base, abort.signal)) {
        expect(event.type).toBe(type);
        if (how === "leave") break;
        abort.abort();
      }
    })();
    expect(await reading.catch((caught: unknown) => caught)).toBe(how === "leave" ? undefined : abort.signal.reason);
    await gone;
  });
});

describe("a voice on the wire", () => {
  const speak = { text: "Hi.", voice: "alloy", speed: 1, signal: live() };

  it("comes whole out of drips of odd sizes", async () => {
    const audio = tone({ ms: 200 });
    const base = await serve(async (_request, response) => {
      response.writeHead(200, { "content-type": "audio/pcm" });
      const bytes = Buffer.from(audio.samples.buffer);
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 2) % 1999) {
        response.write(bytes.subarray(at, at + size));
        await sleep(1);
      }
      response.end();
    });
    const chunks = await all(openaiTextToSpeech(options(base)).synthesize(speak));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.flatMap((chunk) => [...chunk.samples])).toEqual([...audio.samples]);
  });

  it("is cut in the middle", async () => {
    const base = await serve(async (_request, response) => {
      response.writeHead(200, { "content-type": "audio/pcm" });
      response.write(Buffer.alloc(1000));
      await sleep(5);
      response.destroy();
    });
    const error = await failureOf(openaiTextToSpeech(options(base)).synthesize(speak));
    expect(error).toMatchObject({ stage: "tts", code: "connection_lost", retryable: true });
  });

  it("stops being read when nobody pulls, and hangs up when its reader leaves", async () => {
    let sent = 0;
    let hungUp = (): void => undefined;
    const gone = new Promise<void>((resolve) => (hungUp = resolve));
    const base = await serve(async (_request, response) => {
      response.on("close", hungUp);
      response.writeHead(200, { "content-type": "audio/pcm" });
      while (!response.destroyed && sent < 500_000_000) {
        sent += 65_536;
        if (response.write(Buffer.alloc(65_536))) await sleep(0);
        else await Promise.race([once(response, "drain"), gone]);
      }
    });
    const reading = openaiTextToSpeech(options(base)).synthesize(speak)[Symbol.asyncIterator]();
    await reading.next();
    await sleep(100);
    const before = sent;
    await sleep(50);
    expect(sent).toBe(before);
    await reading.return?.();
    await gone;
  });
});

describe("a recogniser on the wire", () => {
  it("that streams bare text is asked again without", async () => {
    let asked = 0;
    const base = await serve((_request, response) => {
      if (asked++ === 0) response.writeHead(200, stream).end("data: Good day.\n\n");
      else response.writeHead(200, { "content-type": "application/json" }).end('{"text":"Good day."}');
    });
    const stt = openaiSpeechToText(options(base));
    expect(await all(stt.transcribe({ audio: tone({ ms: 100 }), signal: live() }))).toEqual([
      { type: "done", text: "Good day." },
    ]);
    expect(asked).toBe(2);
  });

  it("is cut in the middle", async () => {
    const base = await serve(async (_request, response) => {
      response.writeHead(200, stream);
      response.write(sseText([{ type: "transcript.text.delta", delta: "Good" }]));
      await sleep(5);
      response.destroy();
    });
    const stt = openaiSpeechToText(options(base));
    const error = await failureOf(stt.transcribe({ audio: tone({ ms: 100 }), signal: live() }));
    expect(error).toMatchObject({ stage: "stt", code: "connection_lost" });
  });
});
