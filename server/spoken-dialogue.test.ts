/**
 * A dialogue at the pace of speech, with real voices, the real detector and the real recogniser: hesitations that must
 * not be answered, answers that are interrupted, and words after them that are answered in peace.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFlite, createPocketsphinx, createSilero, findPocketsphinx } from "./providers/local";
import { pipeline } from "./realtime";
import { concatPcm } from "./realtime/audio/pcm";
import { resampleAll } from "./realtime/audio/resample";
import type { Engine, TextToSpeech } from "./realtime/engine/types";
import { createTestRealtime, scriptedLlm, type RealtimeTestClient } from "./realtime/testing";

const found = await findPocketsphinx();
const STORY =
  "Certainly. I have a table at seven, and one at eight, and another one at nine. Which of them would you like to have?";

/** Each: a sentence with a hesitation in its middle, and what is said into the answer. */
const ROUNDS = [
  {
    begins: "i want to go to the station because",
    ends: "my brother works at the hospital",
    interrupts: "thank you that is enough for today",
    words: /station because.*hospital/,
  },
  {
    begins: "please show me the way to the hotel because",
    ends: "i have a meeting in the morning",
    interrupts: "thank you that is all for today",
    words: /hotel because.*morning/,
  },
];

/** Longer than `server_vad` waits; where the words come late, the sound alone is given that long. */
const HESITATION_MS = 600;

describe.runIf(found)("spoken dialogue", () => {
  let tts: TextToSpeech;
  let engine: Engine;
  // By what was said last: guesses that were dropped have been answered too.
  const llm = scriptedLlm({
    reply: ({ items }) => (/thank|enough|all/.test(JSON.stringify(items.at(-1))) ? "You are welcome." : STORY),
  });

  beforeAll(async () => {
    tts = await createFlite();
    engine = pipeline({ stt: createPocketsphinx(found!), llm, tts, vad: await createSilero({ preload: true }) });
  });
  afterAll(() => engine.close?.());

  // On a busy machine the real recogniser's words may come when the pause is over, and it hears more or less each time.
  const patience = { timeout: 120_000, retry: 2 };
  it("waits for the end of a sentence, stops when it is interrupted, and goes on", patience, async () => {
    const { client } = createTestRealtime({ engine, turnTaking: { outputLeadMs: 1_000 } });
    await client.next("session.created");
    const input = {
      transcription: { model: "local" },
      turn_detection: { type: "semantic_vad", eagerness: "low" },
    } as const;
    client.send({ type: "session.update", session: { type: "realtime", audio: { input } } });
    await client.next("session.updated");
    const microphone = new Microphone(client);

    const ended = () => client.events.flatMap((event) => (event.type === "response.done" ? [event.response] : []));
    const heard = (): string[] =>
      client.events.flatMap((event) =>
        event.type === "conversation.item.input_audio_transcription.completed" ? [event.transcript] : [],
      );
    for (const [round, { begins, ends, interrupts, words }] of ROUNDS.entries()) {
      microphone.say(await voice(begins), HESITATION_MS, await voice(ends));
      const begun = () => client.events.filter((event) => event.type === "response.created").length;
      await vi.waitFor(() => expect(begun()).toBe(2 * round + 1), { timeout: 30_000 });
      // The hesitation was not answered.
      expect(client.events.filter((event) => event.type === "input_audio_buffer.committed")).toHaveLength(
        2 * round + 1,
      );

      await new Promise((resolve) => setTimeout(resolve, 1_500));
      microphone.say(await voice(interrupts));
      await vi.waitFor(() => expect(ended()).toHaveLength(2 * round + 2), { timeout: 30_000 });
      expect(ended().slice(-2)).toMatchObject([
        { status: "cancelled", status_details: { reason: "turn_detected" } },
        { status: "completed", output: [{ content: [{ transcript: "You are welcome." }] }] },
      ]);
      expect(heard()).toHaveLength(2 * round + 2);
      expect(heard().at(-2)).toMatch(words);

      // What the model is told of its own story ends where it was interrupted.
      const told = JSON.stringify(llm.calls.at(-1)?.request.items);
      expect(told).toContain("Certainly");
      expect(told).not.toContain("Which of them");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    microphone.stop();
    await client.close();
  });

  async function voice(text: string): Promise<Int16Array> {
    const chunks: Int16Array[] = [];
    let sampleRate = 0;
    for await (const chunk of tts.synthesize({ text, voice: "awb", speed: 1, signal: new AbortController().signal })) {
      chunks.push(chunk.samples);
      sampleRate = chunk.sampleRate;
    }
    return (await resampleAll({ samples: concatPcm(chunks), sampleRate }, 24_000)).samples;
  }
});

const CHUNK = 960;

/** Sends 40 ms every 40 ms: what it is told to say, and silence in between, as an open microphone does. */
class Microphone {
  private queue: Int16Array[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly startedAt = performance.now();
  private sent = 0;

  constructor(private readonly client: RealtimeTestClient) {
    this.timer = setInterval(() => this.tick(), 40);
  }

  /** Numbers are pauses in ms. */
  say(...parts: (Int16Array | number)[]): void {
    const samples = concatPcm(parts.map((part) => (typeof part === "number" ? new Int16Array(part * 24) : part)));
    for (let at = 0; at < samples.length; at += CHUNK) this.queue.push(samples.slice(at, at + CHUNK));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Late ticks are made up for, so that the sound keeps its pace on a busy machine. */
  private tick(): void {
    while (this.sent * 40 < performance.now() - this.startedAt) {
      const samples = this.queue.shift() ?? new Int16Array(CHUNK);
      const audio = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString("base64");
      this.client.send({ type: "input_audio_buffer.append", audio });
      this.sent += 1;
    }
  }
}
