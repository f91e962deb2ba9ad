/**
 * Sessions of a model that hears and speaks, over real HTTP: real speech goes in, real speech comes back, and a server
 * that is only a test's double stands where the model would.
 */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { createFlite, createPocketsphinx, createSilero, findPocketsphinx } from "./providers/local";
import { openaiSpeechModel } from "./providers/openai";
import { startSpeechServer, type Asked, type SpeechAnswer } from "./providers/openai/test-server";
import { defineTool, speechToSpeech, type SpeechToSpeechOptions } from "./realtime";
import { concatPcm, type Pcm } from "./realtime/audio/pcm";
import { resampleAll } from "./realtime/audio/resample";
import type { SpeechToText, TextToSpeech, VoiceActivityDetector } from "./realtime/engine/types";
import type { RealtimeHandlerOptions } from "./realtime/options";
import type { RealtimeConfigInput } from "./realtime/protocol/session-config";
import { createTestRealtime, type RealtimeTestClient } from "./realtime/testing";

const found = await findPocketsphinx();
const STORY =
  "Certainly. I have a table at seven, and one at eight, and another one at nine. Which of them would you like to have?";
const QUESTION = "what is the weather today";

let tts: TextToSpeech;
let ears: SpeechToText | undefined;
let vad: VoiceActivityDetector;
beforeAll(async () => {
  [tts, vad] = await Promise.all([createFlite(), createSilero({ preload: true })]);
  ears = found && createPocketsphinx(found);
});
afterAll(async () => {
  await Promise.all([tts.close?.(), vad.close?.(), ears?.close?.()]);
});

async function voice(text: string): Promise<Int16Array> {
  const chunks: Pcm[] = [];
  const { signal } = new AbortController();
  for await (const chunk of tts.synthesize({ text, voice: "awb", speed: 1, signal })) chunks.push(chunk);
  const samples = concatPcm(chunks.map((chunk) => chunk.samples));
  return (await resampleAll({ samples, sampleRate: chunks[0]!.sampleRate }, 24_000)).samples;
}

interface Setup extends Partial<Pick<RealtimeHandlerOptions, "tools" | "turnTaking" | "guardrails" | "onError">> {
  readonly engine?: Partial<SpeechToSpeechOptions>;
  readonly session?: Partial<RealtimeConfigInput>;
  answer(asked: Asked, index: number): SpeechAnswer | Promise<SpeechAnswer>;
}

async function talk({ engine, session, answer, ...options }: Setup) {
  let index = 0;
  const upstream = await startSpeechServer({ speak: voice, answer: (asked) => answer(asked, index++) });
  onTestFinished(() => upstream.close());
  const model = openaiSpeechModel({ baseURL: upstream.baseURL, model: "omni", maxRetries: 0 });
  const { client, close } = createTestRealtime({ engine: speechToSpeech({ model, vad, ...engine }), ...options });
  onTestFinished(close);
  await client.next("session.created");
  if (session !== undefined) {
    client.send({ type: "session.update", session: { type: "realtime", ...session } });
    await client.next("session.updated");
  }
  return { client, upstream };
}

const BY_HAND = { audio: { input: { turn_detection: null } } } as const;

/** Says it at once, and asks for an answer. */
async function say(client: RealtimeTestClient, samples: Int16Array) {
  await client.appendPcm(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  client.send({ type: "input_audio_buffer.commit" });
  client.send({ type: "response.create" });
  return (await client.next("response.done", { timeoutMs: 30_000 })).response;
}

const transcriptOf = ({ output }: { readonly output: readonly object[] }): string =>
  output
    .flatMap((item) => ("content" in item ? (item.content as { transcript?: string }[]) : []))
    .map(({ transcript = "" }) => transcript)
    .join("");

function soundOf(client: RealtimeTestClient): Int16Array {
  const deltas = client.events.flatMap((event) =>
    event.type === "response.output_audio.delta" ? [Buffer.from(event.delta, "base64")] : [],
  );
  const bytes = Buffer.concat(deltas);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

describe("a model that hears and speaks", () => {
  it("hears a turn, answers aloud, and is reminded of its own voice", { timeout: 60_000 }, async () => {
    const { client, upstream } = await talk({
      session: BY_HAND,
      answer: (_asked, index) => ({ say: index === 0 ? "Good day to you." : "Once more." }),
    });
    const question = await voice(QUESTION);
    const response = await say(client, question);
    expect(response).toMatchObject({ status: "completed" });
    expect(transcriptOf(response)).toBe("Good day to you.");
    expect(upstream.asked[0]?.heard).toEqual({ samples: question, sampleRate: 24_000 });
    if (ears !== undefined) expect(await heardBy(ears, upstream.asked[0]?.heard)).toContain("weather");
    // What the model said, sample for sample.
    expect(soundOf(client)).toEqual(await voice("Good day to you."));
    const audioIn = Math.ceil(question.length / 2_400);
    const audioOut = Math.ceil(soundOf(client).length / 1_200);
    expect(response.usage).toMatchObject({
      input_tokens: 40 + audioIn,
      output_tokens: 9 + audioOut,
      input_token_details: { text_tokens: 40, audio_tokens: audioIn },
      output_token_details: { text_tokens: 9, audio_tokens: audioOut },
    });
    expect(transcriptOf(await say(client, question))).toBe("Once more.");
    expect(upstream.asked[1]?.messages).toMatchObject([
      { role: "system" },
      { role: "user", content: [{ type: "input_audio" }] },
      { role: "assistant", audio: { id: "audio_1" } },
      { role: "user", content: [{ type: "input_audio" }] },
    ]);
  });

  it("says that nobody finds words, and answers all the same", { timeout: 60_000 }, async () => {
    const input = { ...BY_HAND.audio.input, transcription: { model: "whisper-1" } } as const;
    const onError = vi.fn();
    const { client } = await talk({ session: { audio: { input } }, answer: () => ({ say: "Yes." }), onError });
    expect(await say(client, await voice("hello"))).toMatchObject({ status: "completed" });
    expect(onError).not.toHaveBeenCalled();
    const told = "conversation.item.input_audio_transcription.failed";
    await vi.waitFor(() => expect(client.events.map(({ type }) => type)).toContain(told));
    const failed = client.events.find((event) => event.type === told);
    expect(failed).toMatchObject({ error: { message: expect.stringContaining("no speech recogniser") as string } });
  });

  it.runIf(found)("has words found beside it", { timeout: 60_000 }, async () => {
    const input = { ...BY_HAND.audio.input, transcription: { model: "local" } } as const;
    const { client } = await talk({
      engine: { stt: ears },
      session: { audio: { input } },
      answer: () => ({ say: "Yes." }),
    });
    await say(client, await voice(QUESTION));
    const words = "conversation.item.input_audio_transcription.completed";
    await vi.waitFor(() => expect(client.events.map(({ type }) => type)).toContain(words), { timeout: 20_000 });
    const heard = client.events.find((event) => event.type === words);
    expect(heard).toMatchObject({ transcript: expect.stringContaining("weather") as string });
  });

  it("uses a tool of the server, and answers aloud with what came of it", { timeout: 60_000 }, async () => {
    const weather = defineTool({
      name: "weather",
      description: "The weather of a city.",
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => `Snow in ${city}`,
    });
    const { client, upstream } = await talk({
      session: BY_HAND,
      tools: [weather],
      answer: ({ messages }) => {
        const result = messages.at(-1);
        if (result?.role === "tool") return { say: `It says: ${String(result.content)}.` };
        return { call: "weather", arguments: { city: "Oslo" } };
      },
    });
    expect(await say(client, await voice(QUESTION))).toMatchObject({ output: [{ type: "function_call" }] });
    const { response } = await client.next("response.done", { timeoutMs: 30_000 });
    expect(transcriptOf(response)).toBe("It says: Snow in Oslo.");
    expect(upstream.asked[1]?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(soundOf(client).length).toBeGreaterThan(24_000);
  });

  it("is cut short where it was interrupted, and believes no more than was heard", { timeout: 60_000 }, async () => {
    // Half a minute: a busy machine interrupts it late.
    const long = [STORY, STORY, STORY, STORY].join(" ");
    const { client, upstream } = await talk({
      turnTaking: { outputLeadMs: 500 },
      answer: (_asked, index) => (index === 0 ? { say: long, staysOpen: true } : { say: "As you like." }),
    });
    const open = new AbortController();
    onTestFinished(() => open.abort());
    const microphone = listenTo(client, open.signal);
    microphone.say(await voice("do you have a table for me"));
    await client.next("response.output_audio.delta", { timeoutMs: 30_000 });
    const heard = () => soundOf(client).length / 24_000;
    await vi.waitFor(() => expect(heard()).toBeGreaterThan(2), { timeout: 30_000 });
    microphone.say(await voice("thank you that is enough for today"));
    const { response: cut } = await client.next("response.done", { timeoutMs: 30_000 });
    expect(cut).toMatchObject({ status: "cancelled", status_details: { reason: "turn_detected" } });
    await vi.waitFor(() => expect(upstream.asked[0]?.aborted).toBe(true));
    const { response } = await client.next("response.done", { timeoutMs: 30_000 });
    expect(transcriptOf(response)).toBe("As you like.");
    const told = upstream.asked[1]?.messages.find(({ role }) => role === "assistant");
    expect(told).not.toHaveProperty("audio");
    expect(told?.content).toMatch(/^Certainly/);
    expect(long.startsWith(String(told?.content))).toBe(true);
    expect(String(told?.content).length).toBeLessThan(long.length / 2);
  });

  it("fails one response when it stumbles, and answers the next turn", { timeout: 60_000 }, async () => {
    const { client, upstream } = await talk({
      session: BY_HAND,
      answer: (_asked, index) => ({ say: STORY, breaksOff: index === 0 }),
    });
    const question = await voice("hello");
    expect(await say(client, question)).toMatchObject({
      status: "failed",
      status_details: { error: { message: expect.stringContaining("The model stumbled") as string } },
    });
    expect(await say(client, question)).toMatchObject({ status: "completed" });
    // What broke off has no name, so it is told in words.
    expect(upstream.asked[1]?.messages.filter(({ role }) => role === "assistant")).toMatchObject([{ content: STORY }]);
  });

  it("is judged before it is heard", { timeout: 60_000 }, async () => {
    const { client } = await talk({
      session: BY_HAND,
      guardrails: [{ name: "nine", check: ({ text }) => (text.includes("nine") ? "stop" : "pass") }],
      answer: () => ({ say: "Certainly. Not at nine." }),
    });
    const response = await say(client, await voice("hello"));
    expect(response).toMatchObject({ status: "incomplete", status_details: { reason: "content_filter" } });
    expect(transcriptOf(response)).toBe("Certainly. ");
    expect(soundOf(client).length).toBeLessThan((await voice("Certainly. Not at nine.")).length);
  });

  it("is given no more sound than it should, however long one talks", { timeout: 120_000 }, async () => {
    const { client, upstream } = await talk({
      engine: { soundMs: 3_000 },
      session: BY_HAND,
      answer: () => ({ say: "Yes." }),
    });
    const second = (await voice(STORY)).slice(0, 24_000);
    for (let turn = 0; turn < 12; turn++) expect(await say(client, second)).toMatchObject({ status: "completed" });
    const bytes = upstream.asked.map((asked) => asked.bytes);
    // Three seconds of sound, and not twelve.
    expect(Math.max(...bytes)).toBeLessThan(3 * 64_000 + 16_000);
    const sounds = (upstream.asked.at(-1)?.messages ?? []).filter(({ content }) => Array.isArray(content));
    expect(sounds).toHaveLength(3);
  });
});

async function heardBy(stt: SpeechToText, audio: Pcm | undefined): Promise<string> {
  let text = "";
  const { signal } = new AbortController();
  if (audio === undefined) return text;
  for await (const event of stt.transcribe({ audio, signal })) if (event.type === "done") ({ text } = event);
  return text;
}

const FRAME = 960;

/** An open microphone: what it is told to say, at the pace of speech, and silence in between. */
function listenTo(client: RealtimeTestClient, signal: AbortSignal): { say(samples: Int16Array): void } {
  const queue: Int16Array[] = [];
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    if (signal.aborted) return clearInterval(timer);
    for (; sent * 40 < performance.now() - startedAt; sent++) {
      const frame = queue.shift() ?? new Int16Array(FRAME);
      const audio = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("base64");
      client.send({ type: "input_audio_buffer.append", audio });
    }
  }, 40);
  return {
    say(samples) {
      for (let at = 0; at < samples.length; at += FRAME) queue.push(samples.slice(at, at + FRAME));
    },
  };
}
