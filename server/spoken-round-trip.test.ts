/**
 * A conversation in sound, with nothing scripted but what the model says: Flite speaks, the audio is streamed in, Silero
 * ends the turn, the recogniser hears it, the reply is spoken, and heard again.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wordErrors } from "./providers/local/__fixtures__/transcripts";
import { createFlite, createPocketsphinx, createSilero, findPocketsphinx } from "./providers/local";
import { pipeline } from "./realtime";
import { concatPcm, pcmToBytes } from "./realtime/audio/pcm";
import { resampleAll } from "./realtime/audio/resample";
import type { Engine, PromptItem, SpeechToText, TextToSpeech } from "./realtime/engine/types";
import { createTestRealtime, scriptedLlm, type RealtimeTestClient } from "./realtime/testing";

const SENTENCES = [
  "what time is it in london",
  "please tell me about the weather",
  "i would like to book a table for two people",
  "the quick brown fox jumps over the lazy dog",
  "what is the way to the station",
  "can you count from three to ten",
  "could you turn on the lights in the kitchen",
  "we are going to the market tomorrow morning",
  "say good morning to everyone in the house",
  "how many people live in this city",
  "my brother works at the hospital",
  "please remind me to call my mother tonight",
  "this is a small test of the system",
  "the train leaves at half past nine",
  "she bought a new car last year",
  "open the window and close the door",
  "i do not understand the question",
  "thank you very much for your help",
  "there is nothing to eat in the kitchen",
  "we will see each other again on monday",
];

const found = await findPocketsphinx();

describe.runIf(found)("spoken round trip", () => {
  let stt: SpeechToText;
  let tts: TextToSpeech;
  let engine: Engine;

  beforeAll(async () => {
    [stt, tts] = [createPocketsphinx(found!), await createFlite()];
    // It repeats the last thing it was told, so that its voice can be checked word for word.
    const llm = scriptedLlm({ reply: ({ items }) => lastWords(items) });
    engine = pipeline({ stt, llm, tts, vad: await createSilero() });
  });
  afterAll(() => engine.close?.());

  it(
    "20 sentences are heard, and their answers heard again, with at most 15 % of the words wrong",
    { timeout: 240_000 },
    async () => {
      const { client } = createTestRealtime({ engine });
      await client.next("session.created");
      client.send({
        type: "session.update",
        session: { type: "realtime", audio: { input: { transcription: { model: "local" } } } },
      });
      let asked = 0;
      let answered = 0;
      let words = 0;
      for (const [index, sentence] of SENTENCES.entries()) {
        const turn = await speak(client, await spokenBytes(sentence, index % 2 === 0 ? "kal16" : "awb"));
        const expected = sentence.split(" ");
        words += expected.length;
        asked += wordErrors(expected, plain(turn.heard));
        answered += wordErrors(plain(turn.reply), plain(await recognise(turn.audio)));
      }
      console.log(
        `word errors: question ${((asked / words) * 100).toFixed(1)} %, answer ${((answered / words) * 100).toFixed(1)} %`,
      );
      expect(asked / words).toBeLessThanOrEqual(0.15);
      expect(answered / words).toBeLessThanOrEqual(0.15);
      await client.close();
    },
  );

  async function spokenBytes(text: string, voice: string): Promise<Buffer> {
    const chunks: Int16Array[] = [];
    let sampleRate = 0;
    for await (const chunk of tts.synthesize({ text, voice, speed: 1, signal: new AbortController().signal })) {
      chunks.push(chunk.samples);
      sampleRate = chunk.sampleRate;
    }
    const { samples } = await resampleAll({ samples: concatPcm(chunks), sampleRate }, 24_000);
    return Buffer.concat([Buffer.alloc(24_000), pcmToBytes(samples), Buffer.alloc(60_000)]);
  }

  async function recognise(audio: Buffer): Promise<string> {
    const samples = new Int16Array(audio.buffer.slice(audio.byteOffset, audio.byteOffset + audio.length));
    for await (const event of stt.transcribe({
      audio: { samples, sampleRate: 24_000 },
      signal: new AbortController().signal,
    })) {
      if (event.type === "done") return event.text;
    }
    return "";
  }
});

interface Turn {
  readonly heard: string;
  readonly reply: string;
  readonly audio: Buffer;
}

/** Sends one utterance and waits for the whole answer; whatever Silero takes for a turn is part of it. */
async function speak(client: RealtimeTestClient, bytes: Buffer): Promise<Turn> {
  const from = client.events.length;
  await client.appendPcm(bytes);
  await client.next("response.done", { timeoutMs: 30_000 });
  const events = client.events.slice(from);
  let heard = "";
  let reply = "";
  const audio: Buffer[] = [];
  for (const event of events) {
    if (event.type === "conversation.item.input_audio_transcription.completed") heard += ` ${event.transcript}`;
    if (event.type === "response.output_audio_transcript.done") reply += event.transcript;
    if (event.type === "response.output_audio.delta") audio.push(Buffer.from(event.delta, "base64"));
  }
  return { heard, reply, audio: Buffer.concat(audio) };
}

function lastWords(items: readonly PromptItem[]): string {
  const last = items.findLast((item) => item.type === "message" && item.role === "user");
  if (last?.type !== "message") return "";
  return last.content.map((part) => (part.type === "text" ? part.text : "")).join(" ");
}

function plain(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z' ]/g, " ")
    .split(/\s+/)
    .filter(Boolean);
}
