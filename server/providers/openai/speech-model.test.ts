import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { concatPcm, type Pcm } from "../../realtime/audio/pcm";
import { decodeWav, encodeWav } from "../../realtime/audio/wav";
import type { ConverseRequest, SpeechModelEvent } from "../../realtime/engine/speech-model";
import type { KeptSound, PromptItem } from "../../realtime/engine/types";
import { tone } from "../../realtime/testing";
import { openaiSpeechModel, type OpenAISpeechModelOptions } from "./index";
import { all, BASE, base64, delta, failureOf, generateRequest, HELLO, refusal, spokenHello, sse } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly audio?: { readonly id: string };
}
type Body = { readonly messages: readonly Message[] } & Readonly<Record<string, unknown>>;

/** Answers each request by `answer`; returns the bodies. */
function endpoint(answer: (body: Body, index: number) => Response): Body[] {
  const asked: Body[] = [];
  server.use(
    http.post(`${BASE}/chat/completions`, async ({ request }) => {
      const body = (await request.json()) as Body;
      asked.push(body);
      return answer(body, asked.length - 1);
    }),
  );
  return asked;
}

const model = (options: Partial<OpenAISpeechModelOptions> = {}) =>
  openaiSpeechModel({ baseURL: BASE, apiKey: "sk-secret-key", model: "gpt-audio", maxRetries: 0, ...options });

const ask = (change: Partial<ConverseRequest> = {}): ConverseRequest => ({
  ...generateRequest(),
  modality: "audio",
  voice: "ash",
  ...change,
});
const said = (pcm: Pcm | undefined, transcript: string | null = null): PromptItem => ({
  type: "message",
  role: "user",
  content: [{ type: "audio", audio: pcm && (() => Promise.resolve(pcm)), transcript }],
});
const answered = (text: string, kept: KeptSound): PromptItem => ({
  type: "message",
  role: "assistant",
  content: [{ type: "text", text, kept }],
});

const { samples } = tone({ ms: 20, sampleRate: 24_000 });
const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
const keptOf = (events: readonly SpeechModelEvent[]): KeptSound => {
  const kept = events.find((event) => event.type === "kept");
  if (kept?.type !== "kept") throw new Error("Nothing was kept.");
  return kept.sound;
};
const soundOf = (events: readonly SpeechModelEvent[]): Int16Array =>
  concatPcm(events.flatMap((event) => (event.type === "audio" ? [event.audio.samples] : [])));
const sketchOf = (events: readonly SpeechModelEvent[]): string =>
  events
    .map((event) => ("text" in event ? event.text : event.type))
    .filter((each, index, list) => each !== list[index - 1])
    .join("|");

describe("a spoken reply", () => {
  it("streams words and sound, keeps its name, and says what of its usage was sound", async () => {
    const asked = endpoint(() => sse(...spokenHello(samples, { expiresAt: inAnHour() })));
    const events = await all(model().converse(ask()));
    expect(sketchOf(events)).toBe("Hello| there.|audio|kept|finish");
    expect(soundOf(events)).toEqual(samples);
    expect(events.at(-1)).toEqual({
      type: "finish",
      reason: "stop",
      usage: { inputTokens: 120, inputAudioTokens: 90, outputTokens: 60, outputAudioTokens: 52, cachedInputTokens: 8 },
    });
    expect(asked[0]).toEqual({
      model: "gpt-audio",
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Hi" },
      ],
      modalities: ["text", "audio"],
      audio: { voice: "ash", format: "pcm16" },
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("is text alone where that was asked for", async () => {
    const asked = endpoint(() => sse(...HELLO));
    const events = await all(model().converse(ask({ modality: "text" })));
    expect(sketchOf(events)).toBe("Hello| there.|finish");
    expect(asked[0]).toMatchObject({ modalities: ["text"] });
    expect(asked[0]).not.toHaveProperty("audio");
    expect(events.at(-1)).toMatchObject({ usage: { inputAudioTokens: 0, inputTokens: 12, outputTokens: 3 } });
  });

  it("of an endpoint that does not stream comes whole", async () => {
    const audio = { id: "audio_1", data: base64(samples), transcript: "Hello.", expires_at: inAnHour() };
    const message = { role: "assistant", content: null, audio };
    endpoint(() => HttpResponse.json({ choices: [{ index: 0, message, finish_reason: "stop" }] }));
    const events = await all(model().converse(ask()));
    expect(sketchOf(events)).toBe("Hello.|audio|kept|finish");
    expect(soundOf(events)).toEqual(samples);
  });

  it("may be a WAV file in pieces, with words as text and nothing said of its tokens", async () => {
    const wav = encodeWav({ samples, sampleRate: 16_000 });
    const asked = endpoint(() =>
      sse(
        delta({ content: "Hello." }),
        delta({ audio: { data: wav.subarray(0, 51).toString("base64") } }),
        delta({ audio: { data: wav.subarray(51).toString("base64") } }),
        delta({}, "stop"),
        { choices: [], usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 } },
        "[DONE]",
      ),
    );
    const events = await all(model({ outputFormat: "wav" }).converse(ask()));
    expect(sketchOf(events)).toBe("Hello.|audio|finish");
    expect(soundOf(events)).toEqual(samples);
    expect(events.flatMap((event) => (event.type === "audio" ? [event.audio.sampleRate] : []))).toContain(16_000);
    // The session counts what is not said.
    expect(events.at(-1)).toEqual({ type: "finish", reason: "stop", usage: {} });
    expect(asked[0]).toMatchObject({ audio: { format: "wav" } });
  });

  it("may come as a WAV file for every piece, each in the place of text", async () => {
    const file = (from: number, to?: number) =>
      encodeWav({ samples: samples.slice(from, to), sampleRate: 24_000 }).toString("base64");
    const sound = (content: string, finish: string | null = null) => ({
      ...delta({ content }, finish),
      modality: "audio",
    });
    endpoint(() =>
      sse(
        { ...delta({ role: "assistant", content: "" }), modality: "text" },
        { ...delta({ content: "Hello." }, "stop"), modality: "text" },
        sound(file(0, 100)),
        sound(file(100, 301)),
        sound(file(301), "stop"),
        {
          choices: [],
          usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18, prompt_tokens_details: null },
        },
        "[DONE]",
      ),
    );
    const events = await all(model().converse(ask()));
    expect(sketchOf(events)).toBe("Hello.|audio|finish");
    expect(soundOf(events)).toEqual(samples);
  });

  it("calls functions", async () => {
    const asked = endpoint(() =>
      sse(
        delta({ tool_calls: [{ index: 0, id: "call_1", function: { name: "weather", arguments: '{"city":' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] }),
        delta({}, "tool_calls"),
        "[DONE]",
      ),
    );
    const tools = [{ name: "weather", description: undefined, parameters: undefined }];
    const items: PromptItem[] = [
      said({ samples, sampleRate: 24_000 }),
      { type: "tool-call", callId: "call_0", name: "weather", arguments: "{}" },
      { type: "tool-result", callId: "call_0", output: "rain" },
    ];
    const events = await all(model().converse(ask({ tools, items })));
    expect(events).toMatchObject([
      { type: "tool-call", index: 0, name: "weather", callId: "call_1" },
      { type: "tool-arguments", delta: '{"city":' },
      { type: "tool-arguments", delta: '"Oslo"}' },
      { type: "tool-call-done", index: 0 },
      { type: "finish", reason: "tool_calls" },
    ]);
    expect(asked[0]?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(asked[0]).toMatchObject({ tool_choice: "auto", modalities: ["text", "audio"] });
  });
});

describe("what was said", () => {
  const content = (body: Body | undefined): unknown => body?.messages.at(-1)?.content;
  const wavOf = (body: Body | undefined, prefix = ""): Pcm => {
    const [part] = content(body) as { type: string; input_audio: { data: string; format: string } }[];
    expect(part).toMatchObject({ type: "input_audio", input_audio: { format: "wav" } });
    expect(part!.input_audio.data.startsWith(prefix)).toBe(true);
    return decodeWav(Buffer.from(part!.input_audio.data.slice(prefix.length), "base64"));
  };

  it("is given as a WAV file, at its own rate where that is not too high", async () => {
    const asked = endpoint(() => sse(...HELLO));
    await all(model().converse(ask({ items: [said({ samples, sampleRate: 8_000 })] })));
    expect(wavOf(asked[0])).toEqual({ samples, sampleRate: 8_000 });
    await all(model({ inputSampleRate: 16_000 }).converse(ask({ items: [said({ samples, sampleRate: 24_000 })] })));
    expect(wavOf(asked[1])).toMatchObject({ sampleRate: 16_000, samples: { length: 320 } });
    await all(model({ inputDataUrls: true }).converse(ask({ items: [said({ samples, sampleRate: 24_000 })] })));
    expect(wavOf(asked[2], "data:audio/wav;base64,").samples).toEqual(samples);
  });

  it("is given in words where its sound is gone, and beside text and images in order", async () => {
    const asked = endpoint(() => sse(...HELLO));
    const mixed: PromptItem = {
      type: "message",
      role: "user",
      content: [
        { type: "text", text: "Listen:" },
        { type: "audio", audio: () => Promise.resolve({ samples, sampleRate: 24_000 }), transcript: "never read" },
        { type: "image", url: "data:image/png;base64,AA==", detail: "low" },
      ],
    };
    await all(model().converse(ask({ items: [said(undefined, "gone"), mixed] })));
    expect(asked[0]?.messages).toMatchObject([
      { role: "system" },
      { role: "user", content: "gone" },
      { role: "user", content: [{ type: "text" }, { type: "input_audio" }, { type: "image_url" }] },
    ]);
  });

  it("goes to a model that only hears, which is told nothing of modalities", async () => {
    const asked = endpoint(() => sse(...HELLO));
    const hears = model({ capabilities: { speaks: false } });
    await all(hears.converse(ask({ modality: "text", items: [said({ samples, sampleRate: 24_000 })] })));
    expect(wavOf(asked[0]).samples).toEqual(samples);
    expect(asked[0]).not.toHaveProperty("modalities");
    expect(hears.capabilities).toEqual({ tools: true, images: false, speaks: false });
  });
});

describe("a reply that the endpoint keeps", () => {
  const notFound = (id: string): Response =>
    refusal(400, {
      message: `Assistant audio ${id} not found.`,
      type: "invalid_request_error",
      param: "content.messages[2].audio.id",
      code: "audio_not_found",
    });
  const named = (body: Body | undefined): unknown[] =>
    (body?.messages ?? []).flatMap(({ role, audio, content }) => (role === "assistant" ? [audio?.id ?? content] : []));

  async function keep(speaker: ReturnType<typeof model>, id: string, expiresAt = inAnHour()): Promise<KeptSound> {
    endpoint(() => sse(...spokenHello(samples, { id, expiresAt })));
    return keptOf(await all(speaker.converse(ask())));
  }

  it("is named instead of told, by the one that made it", async () => {
    const speaker = model();
    const items = [answered("Hello.", await keep(speaker, "audio_a")), said({ samples, sampleRate: 24_000 })];
    const asked = endpoint(() => sse(...HELLO));
    await all(speaker.converse(ask({ items })));
    expect(asked[0]?.messages[1]).toEqual({ role: "assistant", audio: { id: "audio_a" } });
    await all(model().converse(ask({ items })));
    expect(named(asked[1])).toEqual(["Hello."]);
  });

  it("is told in words once it has expired", async () => {
    const speaker = model();
    const items = [answered("Hello.", await keep(speaker, "audio_a", Math.floor(Date.now() / 1000) + 10))];
    const asked = endpoint(() => sse(...HELLO));
    await all(speaker.converse(ask({ items })));
    expect(named(asked[0])).toEqual(["Hello."]);
  });

  it("is told in words from when the endpoint knows it no more, with those before it", async () => {
    const speaker = model();
    const oldest = await keep(speaker, "audio_a", inAnHour() - 20);
    const middle = await keep(speaker, "audio_b", inAnHour() - 10);
    const items = [answered("A.", oldest), answered("B.", middle), answered("C.", await keep(speaker, "audio_c"))];
    const asked = endpoint((_body, index) => (index === 0 ? notFound("audio_b") : sse(...HELLO)));
    expect(sketchOf(await all(speaker.converse(ask({ items })))).endsWith("finish")).toBe(true);
    await all(speaker.converse(ask({ items })));
    expect(asked.map(named)).toEqual([
      ["audio_a", "audio_b", "audio_c"],
      ["A.", "B.", "audio_c"],
      ["A.", "B.", "audio_c"],
    ]);
  });

  it("is told in words to an endpoint that knows no such thing", async () => {
    const speaker = model();
    const items = [answered("A.", await keep(speaker, "audio_a"))];
    const asked = endpoint((body) =>
      body.messages.some(({ audio }) => audio !== undefined)
        ? refusal(422, { message: "messages.1.audio: Extra inputs are not permitted" })
        : sse(...HELLO),
    );
    await all(speaker.converse(ask({ items })));
    expect(asked.map(named)).toEqual([["audio_a"], ["A."]]);
  });

  it("is not what another refusal is about, which is told", async () => {
    const speaker = model();
    const items = [answered("A.", await keep(speaker, "audio_a"))];
    const asked = endpoint(() => refusal(400, { message: "This model is too busy thinking." }));
    expect(await failureOf(speaker.converse(ask({ items })))).toMatchObject({ stage: "llm", code: "bad_request" });
    expect(asked).toHaveLength(1);
  });
});
