/** Helpers of this folder's tests. */
import { HttpResponse } from "msw";
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
