import fc from "fast-check";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Pcm } from "../../realtime/audio/pcm";
import { concatPcm, pcmToBytes } from "../../realtime/audio/pcm";
import { encodeWav } from "../../realtime/audio/wav";
import { tone } from "../../realtime/testing/index";
import { audioDecoder } from "./audio-decoder";
import { openaiTextToSpeech, type OpenAITextToSpeechOptions } from "./index";
import { all, BASE, failureOf, live, refusal } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

type Body = Readonly<Record<string, unknown>>;

function endpoint(answer: (body: Body) => Response): Body[] {
  const asked: Body[] = [];
  server.use(
    http.post(`${BASE}/audio/speech`, async ({ request }) => {
      asked.push((await request.json()) as Body);
      return answer(asked.at(-1)!);
    }),
  );
  return asked;
}

const bytes = (body: Uint8Array<ArrayBuffer>, type?: string): Response =>
  new HttpResponse(body, type === undefined ? {} : { headers: { "content-type": type } });
const raw = (pcm: Pcm) => new Uint8Array(pcmToBytes(pcm.samples));

const voice = (options: Partial<OpenAITextToSpeechOptions> = {}) =>
  openaiTextToSpeech({ baseURL: BASE, model: "tts", maxRetries: 0, ...options });
const request = () => ({ text: "Hello.", voice: "nova", speed: 1, signal: live() });
const audio = tone({ ms: 100 });

/** One piece of audio out of many. */
function joined(chunks: readonly Pcm[]): Pcm {
  return { samples: concatPcm(chunks.map((chunk) => chunk.samples)), sampleRate: chunks[0]!.sampleRate };
}

describe("a voice", () => {
  it("asks for raw PCM and passes it on", async () => {
    const asked = endpoint(() => bytes(raw(audio), "audio/pcm"));
    expect(joined(await all(voice().synthesize(request())))).toEqual(audio);
    expect(asked).toEqual([{ model: "tts", voice: "nova", input: "Hello.", response_format: "pcm" }]);
  });

  it("passes speed and instructions, unless the endpoint refuses them", async () => {
    const answer = (body: Body): Response =>
      "instructions" in body
        ? refusal(400, { message: "Unknown parameter: 'instructions'", param: "instructions" })
        : bytes(raw(audio), "audio/pcm");
    const asked = endpoint(answer);
    const tts = voice({ instructions: "Calmly." });
    for (let turn = 0; turn < 2; turn++) await all(tts.synthesize({ ...request(), speed: 1.25 }));
    expect(asked).toMatchObject([{ instructions: "Calmly.", speed: 1.25 }, { speed: 1.25 }, { speed: 1.25 }]);
    expect(asked.map((body) => "instructions" in body)).toEqual([true, false, false]);
  });

  it("does not send a speed to an endpoint that obeys none", async () => {
    const asked = endpoint(() => bytes(raw(audio)));
    const tts = voice({ speed: false });
    expect(tts.capabilities).toEqual({ streaming: true, speed: false });
    await all(tts.synthesize({ ...request(), speed: 1.25 }));
    expect(asked[0]).not.toHaveProperty("speed");
  });

  it("is stretched when the endpoint turns out not to know `speed`", async () => {
    const asked = endpoint((body) =>
      "speed" in body
        ? refusal(400, { message: "Unknown parameter: 'speed'", param: "speed" })
        : bytes(raw(audio), "audio/pcm"),
    );
    const tts = voice();
    for (let turn = 0; turn < 2; turn++) {
      const slow = joined(await all(tts.synthesize({ ...request(), speed: 0.5 })));
      expect(slow.samples).toHaveLength(2 * audio.samples.length);
    }
    expect(asked.map((body) => "speed" in body)).toEqual([true, false, false]);
  });

  it("has the voices it was given, or any", () => {
    expect(voice()).toMatchObject({ voices: undefined, defaultVoice: "alloy" });
    expect(voice({ voices: ["a", "b"] })).toMatchObject({ voices: ["a", "b"], defaultVoice: "a" });
    expect(voice({ voices: ["a", "b"], defaultVoice: "b" })).toMatchObject({ defaultVoice: "b" });
  });
});

describe("what endpoints answer in spite of pcm", () => {
  it.each([
    ["no content type", bytes(raw(audio)), 24_000],
    ["octets", bytes(raw(audio), "application/octet-stream"), 24_000],
    ["its own rate", bytes(raw(audio), "audio/pcm; rate=16000; channels=1"), 16_000],
  ])("raw audio with %s", async (_name, response, sampleRate) => {
    endpoint(() => response);
    expect(joined(await all(voice().synthesize(request())))).toEqual({ ...audio, sampleRate });
  });

  it.each(["audio/wav", "audio/x-wav; charset=binary", "application/octet-stream", "audio/mpeg"])(
    "WAV, called %s",
    async (type) => {
      const pcm = tone({ ms: 100, sampleRate: 22_050 });
      endpoint(() => bytes(new Uint8Array(encodeWav(pcm)), type));
      expect(joined(await all(voice().synthesize(request())))).toEqual(pcm);
    },
  );

  it.each([
    [
      "audio/mpeg",
      Buffer.from([0xff, 0xfb, 0x90, 0x64, ...Array<number>(100).fill(1)]),
      "unsupported_audio",
      "audio/mpeg",
    ],
    ["audio/pcm", Buffer.from(`ID3\x03${"\0".repeat(50)}`), "unsupported_audio", "another format"],
    ["application/ogg", Buffer.from(`OggS${"\0".repeat(50)}`), "bad_response", "application/ogg"],
    ["application/json", Buffer.from('{"error":"no such voice"}'), "bad_response", "application/json"],
    ["audio/wav", Buffer.from("not a wave file at all"), "unsupported_audio", "another format"],
  ])("%s is a clear error", async (type, body, code, named) => {
    endpoint(() => bytes(new Uint8Array(body), type));
    const error = await failureOf(voice().synthesize(request()));
    expect(error).toMatchObject({ stage: "tts", code });
    expect(String(error)).toContain(named);
  });

  it("an answer without a body is no audio", async () => {
    endpoint(() => new HttpResponse(null));
    expect(await all(voice().synthesize(request()))).toEqual([]);
  });

  it("a refusal is a clear error", async () => {
    endpoint(() => refusal(400, { message: "Voice 'nova' is unknown here." }));
    expect(await failureOf(voice().synthesize(request()))).toMatchObject({
      stage: "tts",
      code: "bad_request",
      message: "The tts provider rejected the request (HTTP 400): Voice 'nova' is unknown here.",
    });
  });
});

describe("the decoder", () => {
  function decode(file: Buffer, sizes: readonly number[], contentType = ""): Pcm[] {
    const decoder = audioDecoder({ contentType, sampleRate: 24_000 });
    const chunks: (Pcm | undefined)[] = [];
    for (let at = 0, turn = 0; at < file.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      chunks.push(decoder.push(new Uint8Array(file.subarray(at, at + size))));
      at += size;
    }
    chunks.push(decoder.end());
    return chunks.filter((chunk) => chunk !== undefined);
  }

  const samples = fc.int16Array({ minLength: 1, maxLength: 300 });
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });

  it("gives the same audio however its bytes were cut", () => {
    fc.assert(
      fc.property(samples, sizes, fc.boolean(), (values, cuts, wav) => {
        const pcm = { samples: values, sampleRate: 24_000 };
        expect(joined(decode(wav ? encodeWav(pcm) : Buffer.from(pcmToBytes(values)), cuts))).toEqual(pcm);
      }),
    );
  });

  it("drops a last odd byte", () => {
    expect(joined(decode(Buffer.from([1, 0, 2, 0, 3]), [2])).samples).toEqual(Int16Array.of(1, 2));
  });

  it("reads stereo, skips other chunks, and does not take what follows the data for audio", () => {
    const file = encodeWav({ samples: Int16Array.of(10, 20, 30, 50), sampleRate: 16_000 });
    file.writeUInt16LE(2, 22);
    file.writeUInt16LE(4, 32);
    const extra = Buffer.from("LIST\x04\0\0\0abcd", "latin1");
    const whole = Buffer.concat([file.subarray(0, 36), extra, file.subarray(36), extra]);
    for (const size of [1, 3, 5, 1000]) {
      expect(joined(decode(whole, [size]))).toEqual({ samples: Int16Array.of(15, 40), sampleRate: 16_000 });
    }
  });

  it.each([0, 0xffffffff])("reads a stream whose writer put %i as its size", (size) => {
    const file = encodeWav(audio);
    file.writeUInt32LE(size, 40);
    file.writeUInt32LE(size, 4);
    expect(joined(decode(file, [999]))).toEqual(audio);
  });

  it("says so when a WAV has no data or is of a strange kind", () => {
    const file = encodeWav(audio);
    expect(() => decode(file.subarray(0, 30), [10])).toThrow("its WAV header has no data chunk");
    file.writeUInt16LE(0x55, 20);
    expect(() => decode(file, [1000])).toThrow("This kind of WAV file is not supported");
  });
});
