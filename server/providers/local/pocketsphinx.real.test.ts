import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatPcm, type Pcm } from "../../realtime/audio/pcm";
import type { SpeechToText, TextToSpeech } from "../../realtime/engine/types";
import { textOf, wordErrors } from "./__fixtures__/transcripts";
import { createFlite } from "./flite";
import { createPocketsphinx, findPocketsphinx } from "./pocketsphinx";

const SENTENCES = [
  "what time is it",
  "please tell me the weather in london today",
  "i would like to book a table for two people",
  "the quick brown fox jumps over the lazy dog",
  "what is twelve times seven",
  "count from three to ten",
  "could you turn on the lights in the kitchen",
  "we are going to the market tomorrow morning",
  "say good morning to everyone",
  "how many people live in france",
  "my brother works at the hospital in the city",
  "please remind me to call my mother tonight",
  "this is a small test of the speech recognizer",
  "what is twenty one plus two",
  "the train leaves at half past nine",
  "can you help me find my keys",
  "she bought a new car last year",
  "open the window and close the door",
  "i do not understand the question",
  "thank you very much for your help",
];
const VOICES = ["kal16", "awb"];

const found = await findPocketsphinx();

describe.runIf(found)("pocketsphinx, as installed here", () => {
  let stt: SpeechToText;
  let tts: TextToSpeech;

  beforeAll(async () => {
    stt = createPocketsphinx(found!);
    tts = await createFlite();
  });
  afterAll(async () => {
    await stt.close?.();
    await tts.close?.();
  });

  async function spoken(text: string, voice: string): Promise<Pcm> {
    const chunks: Pcm[] = [];
    const signal = new AbortController().signal;
    for await (const chunk of tts.synthesize({ text, voice, speed: 1, signal })) chunks.push(chunk);
    return { samples: concatPcm(chunks.map((chunk) => chunk.samples)), sampleRate: chunks[0]!.sampleRate };
  }

  it("hears 20 sentences of two voices with at most 15 % of the words wrong", { timeout: 60_000 }, async () => {
    const heard = await Promise.all(
      SENTENCES.map(async (text, i) => textOf(stt, { audio: await spoken(text, VOICES[i % VOICES.length]!) })),
    );
    const errors = SENTENCES.map((text, i) => wordErrors(text.split(" "), heard[i]!.split(" ")));
    const words = SENTENCES.join(" ").split(" ").length;
    const rate = errors.reduce((sum, each) => sum + each, 0) / words;
    expect(rate, heard.join("\n")).toBeLessThanOrEqual(0.15);
  });

  it("hears no words in silence and in noise", async () => {
    const noise = Int16Array.from({ length: 24_000 }, (_, i) => ((i * 7_919) % 601) - 300);
    expect(await textOf(stt, { audio: { samples: new Int16Array(24_000), sampleRate: 24_000 } })).toBe("");
    expect(await textOf(stt, { audio: { samples: noise, sampleRate: 24_000 } })).toBe("");
  });
});
