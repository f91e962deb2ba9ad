/** Helpers of this folder's tests. */
import type { ReplyEvent, ReplyRequest, TranscribeRequest } from "./types";

export const request = (change: Partial<ReplyRequest> = {}): ReplyRequest => ({
  sessionId: "sess_1",
  responseId: "resp_1",
  model: "m",
  instructions: "Be kind.",
  items: [],
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: undefined,
  maxOutputTokens: undefined,
  reasoningEffort: undefined,
  modality: "audio",
  voice: "alloy",
  speed: 1,
  signal: new AbortController().signal,
  ...change,
});

export async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** Events until the failure, and the failure. */
export async function untilFailure<T>(events: AsyncIterable<T>): Promise<{ seen: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const event of events) seen.push(event);
  } catch (error) {
    return { seen, error };
  }
  throw new Error("it did not fail");
}

/** `speech` as its words, audio as "~", tool events by their type. */
export function sketch(events: readonly ReplyEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "speech" || event.type === "text") return event.text;
    return event.type === "audio" ? "~" : event.type;
  });
}

/** Long enough for everything that can go on without its reader to have gone on. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

export function transcription(): TranscribeRequest {
  const audio = { samples: new Int16Array(2400), sampleRate: 24_000 };
  return { audio, signal: new AbortController().signal };
}
