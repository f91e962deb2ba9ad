import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decodeWav } from "../../realtime/audio/wav";
import { tone } from "../../realtime/testing/index";
import { openaiSpeechToText } from "./index";
import { all, BASE, failureOf, live, refusal, sse } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function endpoint(answer: (form: FormData, index: number) => Response): FormData[] {
  const asked: FormData[] = [];
  server.use(
    http.post(`${BASE}/audio/transcriptions`, async ({ request }) => {
      const form = await request.formData();
      asked.push(form);
      return answer(form, asked.length - 1);
    }),
  );
  return asked;
}

const recogniser = (stream?: boolean) => openaiSpeechToText({ baseURL: BASE, model: "whisper", maxRetries: 0, stream });
const audio = tone({ ms: 150, sampleRate: 8000 });
const request = () => ({ audio, signal: live() });

const STREAM = [
  { type: "transcript.text.delta", delta: "Good", logprobs: [{ token: "Good", logprob: -0.1, bytes: [71] }] },
  { type: "transcript.text.delta", delta: " day." },
  {
    type: "transcript.text.done",
    text: "Good day.",
    usage: {
      type: "tokens",
      input_tokens: 14,
      output_tokens: 5,
      total_tokens: 19,
      input_token_details: { audio_tokens: 14, text_tokens: 0 },
    },
  },
  "[DONE]",
];

describe("an endpoint that streams", () => {
  it("gives words as they are found, then the whole with its usage", async () => {
    const asked = endpoint(() => sse(...STREAM));
    const events = await all(
      recogniser().transcribe({ ...request(), language: "en", prompt: "names", logprobs: true, model: "gpt-x" }),
    );
    expect(events).toEqual([
      { type: "delta", text: "Good", logprobs: [{ token: "Good", logprob: -0.1, bytes: [71] }] },
      { type: "delta", text: " day." },
      {
        type: "done",
        text: "Good day.",
        usage: { type: "tokens", inputTokens: 14, outputTokens: 5, audioTokens: 14, textTokens: 0 },
      },
    ]);
    const form = asked[0]!;
    const fields = Object.fromEntries([...form].filter(([, value]) => typeof value === "string"));
    expect(fields).toEqual({
      model: "whisper",
      response_format: "json",
      language: "en",
      prompt: "names",
      "include[]": "logprobs",
      stream: "true",
    });
    const file = form.get("file") as File;
    expect(file.name).toBe("audio.wav");
    expect(decodeWav(Buffer.from(await file.arrayBuffer()))).toEqual(audio);
  });
});

describe("a model that tells speakers apart", () => {
  const diarized = (options = {}) =>
    openaiSpeechToText({ baseURL: BASE, model: "gpt-4o-transcribe-diarize", maxRetries: 0, ...options });
  const parts = [
    { id: "seg_0", speaker: "A", text: "Good day.", start: 0, end: 0.9 },
    { id: "seg_1", speaker: "B", text: " Hello.", start: 1.1, end: 1.6 },
  ];
  const official = parts.map((part) => ({ type: "transcript.text.segment", ...part }));
  const segments = parts.map((part) => ({ type: "segment", ...part }));
  const text = "Good day. Hello.";

  it("says who said what as it is found", async () => {
    const delta = { type: "transcript.text.delta", delta: "Good day.", segment_id: "seg_0" };
    const asked = endpoint(() => sse(delta, ...official, { type: "transcript.text.done", text }, "[DONE]"));
    const events = await all(diarized().transcribe({ ...request(), prompt: "p", logprobs: true, language: "en" }));
    expect(events).toEqual([{ type: "delta", text: "Good day." }, ...segments, { type: "done", text }]);
    expect(Object.fromEntries([...asked[0]!].filter(([, value]) => typeof value === "string"))).toEqual({
      model: "gpt-4o-transcribe-diarize",
      response_format: "diarized_json",
      chunking_strategy: "auto",
      language: "en",
      stream: "true",
    });
  });

  it("or at once, from endpoints that do not stream, whatever they call it", async () => {
    const asked = endpoint((form) =>
      form.has("chunking_strategy")
        ? refusal(400, { message: "Unknown parameter: 'chunking_strategy'.", param: "chunking_strategy" })
        : HttpResponse.json({ task: "transcribe", duration: 1.6, text, segments: official }),
    );
    const stt = diarized({ model: "local", diarize: true, stream: false });
    expect(await all(stt.transcribe(request()))).toEqual([...segments, { type: "done", text }]);
    expect(asked).toHaveLength(2);
  });

  it("segments of one speaker, of models that tell none apart, are nobody's", async () => {
    endpoint(() => HttpResponse.json({ text, segments: [{ id: 0, text, start: 0, end: 1 }] }));
    expect(await all(recogniser().transcribe(request()))).toEqual([{ type: "done", text }]);
  });
});

describe("endpoints that answer at once", () => {
  const usage = { type: "duration", seconds: 1 };

  it("one that ignores `stream` is understood, and not asked for it again", async () => {
    const asked = endpoint(() => HttpResponse.json({ text: "Good day.", usage }));
    const stt = recogniser();
    for (let turn = 0; turn < 2; turn++) {
      expect(await all(stt.transcribe(request()))).toEqual([{ type: "done", text: "Good day.", usage }]);
    }
    expect(asked.map((form) => form.get("stream"))).toEqual(["true", null]);
  });

  it("one that refuses `stream` or `include` is asked without them, from then on", async () => {
    const asked = endpoint((form) => {
      if (form.has("stream"))
        return refusal(400, { message: "Streaming is not supported for this model", param: "stream" });
      if (form.has("include[]"))
        return refusal(400, { message: "Unknown parameter: 'include[]'.", param: "include[]" });
      return HttpResponse.json({ text: "Good day." });
    });
    const stt = recogniser();
    for (let turn = 0; turn < 2; turn++) {
      expect(await all(stt.transcribe({ ...request(), logprobs: true }))).toEqual([
        { type: "done", text: "Good day." },
      ]);
    }
    expect(asked).toHaveLength(4);
  });

  it("one that streams in a dialect of its own is asked again without", async () => {
    const chunk = { object: "transcription.chunk", choices: [{ delta: { content: "Good" } }] };
    const asked = endpoint((form) =>
      form.has("stream") ? sse(chunk, "[DONE]") : HttpResponse.json({ text: "Good day." }),
    );
    const stt = recogniser();
    for (let turn = 0; turn < 2; turn++) {
      expect(await all(stt.transcribe(request()))).toEqual([{ type: "done", text: "Good day." }]);
    }
    expect(asked.map((form) => form.get("stream"))).toEqual(["true", null, null]);
  });

  it("may be told not to stream; bare text is read too", async () => {
    const asked = endpoint(() => new HttpResponse("Good day.\n", { headers: { "content-type": "text/plain" } }));
    expect(await all(recogniser(false).transcribe(request()))).toEqual([{ type: "done", text: "Good day." }]);
    expect(asked[0]!.has("stream")).toBe(false);
  });

  it("asks nobody about no audio at all", async () => {
    const empty = { samples: new Int16Array(0), sampleRate: 8000 };
    expect(await all(recogniser().transcribe({ ...request(), audio: empty }))).toEqual([{ type: "done", text: "" }]);
  });
});

describe("failures", () => {
  it.each([
    [() => refusal(401, { message: "no" }), "invalid_api_key", "The stt provider refused its API key."],
    [() => HttpResponse.json({ txt: 1 }), "bad_response", "The stt provider answered without a transcript."],
    [
      () => new HttpResponse("<html>", { headers: { "content-type": "text/html" } }),
      "bad_response",
      "The stt provider sent something that is not valid JSON.",
    ],
    [() => sse(STREAM[0]), "incomplete", "The stt provider broke off before the end of the transcript."],
  ])("%#", async (answer, code, message) => {
    endpoint(answer);
    const error = await failureOf(recogniser().transcribe(request()));
    expect(error).toMatchObject({ stage: "stt", code, message });
  });
});
