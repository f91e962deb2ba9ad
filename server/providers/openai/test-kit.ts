/** Helpers of this folder's tests. */
import { HttpResponse } from "msw";
import { pcmToBytes } from "../../realtime/audio/pcm";
import type { GenerateEvent, GenerateRequest } from "../../realtime/engine/types";

export const BASE = "http://models.test/v1";

export const live = (): AbortSignal => new AbortController().signal;

export function generateRequest(change: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    sessionId: "sess_1",
    model: "gpt-realtime",
    instructions: "Be kind.",
    items: [{ type: "message", role: "user", content: [{ type: "text", text: "Hi" }] }],
    tools: [],
    toolChoice: "auto",
    parallelToolCalls: undefined,
    maxOutputTokens: undefined,
    reasoningEffort: undefined,
    signal: live(),
    ...change,
  };
}

export async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

export async function failureOf(events: AsyncIterable<unknown>): Promise<unknown> {
  try {
    await all(events);
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

export function textOf(events: readonly GenerateEvent[]): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** A body of server-sent events: objects as JSON, strings as they are. */
export function sseText(events: readonly unknown[]): string {
  return events.map((data) => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`).join("");
}

export function sse(...events: readonly unknown[]): Response {
  return new HttpResponse(sseText(events), { headers: { "content-type": "text/event-stream" } });
}

export function refusal(status: number, error: Readonly<Record<string, unknown>>): Response {
  return HttpResponse.json({ error }, { status });
}

export const delta = (fields: Readonly<Record<string, unknown>>, finish: string | null = null) => ({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

/** A short reply, as OpenAI streams it. */
export const HELLO = [
  delta({ role: "assistant", content: "", refusal: null }),
  delta({ content: "Hello" }),
  delta({ content: " there." }),
  delta({}, "stop"),
  {
    object: "chat.completion.chunk",
    choices: [],
    usage: {
      prompt_tokens: 12,
      completion_tokens: 3,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
    },
  },
  "[DONE]",
];

/** Samples as they come in a stream: raw PCM, in base64. */
export const base64 = (samples: Int16Array): string => pcmToBytes(samples).toString("base64");

/** A short spoken reply, as OpenAI streams it: words run ahead of their sound, which may be cut within a sample. */
export function spokenHello(samples: Int16Array, { id = "audio_1", expiresAt = 0 } = {}): unknown[] {
  const bytes = pcmToBytes(samples);
  const piece = (from: number, to?: number) => delta({ audio: { data: bytes.subarray(from, to).toString("base64") } });
  return [
    delta({ role: "assistant", refusal: null }),
    delta({ content: null, audio: { id, transcript: "Hello" } }),
    delta({ audio: { transcript: " there." } }),
    delta({
      role: "assistant",
      content: null,
      refusal: null,
      audio: { id, data: bytes.subarray(0, 101).toString("base64") },
    }),
    piece(101, 203),
    piece(203),
    delta({ audio: { expires_at: expiresAt } }),
    delta({}, "stop"),
    {
      object: "chat.completion.chunk",
      choices: [],
      usage: {
        prompt_tokens: 120,
        completion_tokens: 60,
        total_tokens: 180,
        prompt_tokens_details: { cached_tokens: 8, audio_tokens: 90, text_tokens: 30, image_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 52, text_tokens: 8 },
      },
    },
    "[DONE]",
  ];
}
