import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatPcm, type Pcm } from "../../realtime/audio/pcm";
import type { TextToSpeech } from "../../realtime/engine/types";
import { createFlite } from "./flite";
import { FLITE_VOICES } from "./flite-voices";

const SENTENCE = "Good morning, the weather is fine today.";
const OPENAI = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"];

let flite: TextToSpeech;
beforeAll(async () => {
  flite = await createFlite();
});
afterAll(() => flite.close?.());

interface Wish {
  voice?: string;
  speed?: number;
  signal?: AbortSignal;
}

function stream(
  text: string,
  { voice = "kal16", speed = 1, signal = new AbortController().signal }: Wish = {},
): AsyncIterable<Pcm> {
  return flite.synthesize({ text, voice, speed, signal });
}

async function speak(text: string, wish?: Wish): Promise<Pcm> {
  const chunks: Pcm[] = [];
  for await (const chunk of stream(text, wish)) chunks.push(chunk);
  return { samples: concatPcm(chunks.map(({ samples }) => samples)), sampleRate: chunks[0]?.sampleRate ?? 0 };
}

const seconds = ({ samples, sampleRate }: Pcm): number => samples.length / sampleRate;
const rms = ({ samples }: Pcm): number => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

describe("Flite speaks", () => {
  it.each([...FLITE_VOICES, ...OPENAI])(
    "as %s, at its rate, about as loud and as long as the others",
    async (voice) => {
      const speech = await speak(SENTENCE, { voice });
      expect(speech.sampleRate).toBe(voice === "kal" || voice === "echo" ? 8_000 : 16_000);
      expect(seconds(speech)).toBeGreaterThan(1.8);
      expect(seconds(speech)).toBeLessThan(3.2);
      expect(rms(speech)).toBeGreaterThan(2_000);
      expect(rms(speech)).toBeLessThan(6_000);
    },
  );

  it("in a different sound for each of OpenAI's names", async () => {
    const spoken = await Promise.all(OPENAI.map((voice) => speak("Hello.", { voice })));
    expect(new Set(spoken.map(({ samples }) => samples.join())).size).toBe(OPENAI.length);
    expect(flite.voices).toEqual([...FLITE_VOICES, ...OPENAI]);
    expect(flite.voices).toContain(flite.defaultVoice);
  });

  it("in chunks of 200 ms at most, the same every time", async () => {
    const sizes: number[] = [];
    for await (const { samples } of stream(SENTENCE)) sizes.push(samples.length);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBe(3_200);
    expect(await speak(SENTENCE)).toEqual(await speak(SENTENCE));
  });

  it.each(["kal16", "awb"])("faster and slower on request (%s)", async (voice) => {
    const [slow, plain, fast] = await Promise.all([0.5, 1, 1.5].map((speed) => speak(SENTENCE, { voice, speed })));
    expect(seconds(slow!) / seconds(plain!)).toBeCloseTo(2, 0);
    expect(seconds(fast!) / seconds(plain!)).toBeCloseTo(2 / 3, 1);
  });

  it("without long silence before or after", async () => {
    const { samples } = await speak("Hello.");
    const loud = (sample: number): boolean => Math.abs(sample) > 500;
    expect(samples.findIndex(loud)).toBeLessThan(16 * 180);
    expect(samples.length - samples.findLastIndex(loud)).toBeLessThan(16 * 300);
  });
});

describe("what Flite is asked to say", () => {
  it.each(["", "   ", "...", "🎉👋", "日本語", "\u0000\u0007"])("nothing comes of %j", async (text) => {
    expect((await speak(text)).samples).toHaveLength(0);
  });

  it.each([
    ["emoji", "Hi 👋🏽 there!"],
    ["options", "--help -o /etc/passwd"],
    ["markup", '<speak>Hello <break time="10s"/> <voice name="x">you</voice></speak>'],
    ["program text", "a\u0000b %s%n%s \\x41 ${x} `ls`"],
    ["half a character", "tick\u{d800} tock"],
    ["exclamation", `${"!".repeat(3000)} well`],
    ["an endless abbreviation", "a.".repeat(300)],
    ["an endless word", "x".repeat(300)],
    ["brackets", `${"(".repeat(300)} right`],
  ])("odd text is spoken all the same: %s", async (_name, text) => {
    const speech = await speak(text);
    expect(rms(speech)).toBeGreaterThan(500);
    expect(seconds(speech)).toBeLessThan(200);
  });

  it("10,000 characters come piece by piece", async () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(223).slice(0, 10_000);
    const start = performance.now();
    let first: number | undefined;
    let length = 0;
    for await (const { samples, sampleRate } of stream(text)) {
      first ??= performance.now() - start;
      length += samples.length / sampleRate;
    }
    expect(first).toBeLessThan((performance.now() - start) / 4);
    expect(length).toBeGreaterThan(400);
    expect(length).toBeLessThan(900);
  });

  it("an unknown voice and a speed out of range are refused with a reason", async () => {
    await expect(speak("Hello", { voice: "nobody" })).rejects.toThrow(
      /Flite has no voice "nobody". Its voices: kal, .*cedar\./,
    );
    for (const speed of [0.2, 1.6, 0, NaN])
      await expect(speak("Hello", { speed })).rejects.toThrow(/speed of 0.25 to 1.5/);
  });
});

describe("stopping Flite", () => {
  it("ends a stream that waits, and one that speaks, at once and without an error", async () => {
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const all = controllers.map(({ signal }) => speak(`${SENTENCE} `.repeat(50), { signal, voice: "slt" }));
    const start = performance.now();
    for (const controller of controllers) controller.abort();
    for (const speech of await Promise.all(all)) expect(speech.samples).toHaveLength(0);
    expect(performance.now() - start).toBeLessThan(100);
    expect(seconds(await speak("Hello."))).toBeGreaterThan(0.3);
  });

  it("ends a stream between two chunks", async () => {
    const controller = new AbortController();
    let chunks = 0;
    for await (const _ of stream(SENTENCE, { signal: controller.signal })) {
      chunks += 1;
      if (chunks === 2) controller.abort();
    }
    expect(chunks).toBe(2);
  });

  it("says so when it was closed", async () => {
    const own = await createFlite({ workers: 2 });
    await own.close?.();
    const stream = own.synthesize({ text: "Hi", voice: "kal", speed: 1, signal: new AbortController().signal });
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow("Flite was closed.");
  });
});
