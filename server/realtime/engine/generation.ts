import { EngineError } from "./errors";
import type { SpeechModelEvent } from "./speech-model";
import type { GenerateEvent } from "./types";

type TextEvent = Extract<GenerateEvent, { type: "text" }>;

/**
 * Holds a language model to its contract: ends with the one `finish`, and throws when there is none. Blank text before
 * any words is kept back, and dropped if none follow: some models send line breaks before a tool call, and those
 * would make a message of nothing.
 */
export async function* wholeGeneration<Event extends SpeechModelEvent>(
  events: AsyncIterable<Event>,
): AsyncGenerator<Event | TextEvent, void> {
  let blank: string | undefined = "";
  for await (const event of events) {
    if (event.type === "text" && blank !== undefined) {
      const text: string = blank + event.text;
      blank = text.trim() === "" ? text : undefined;
      if (blank === undefined) yield { type: "text", text };
      continue;
    }
    yield event;
    if (event.type === "finish") return;
  }
  throw new EngineError({
    stage: "llm",
    code: "incomplete",
    message: "The llm provider broke off before the end of its reply.",
    retryable: true,
  });
}

/** Words that are known already, as if a language model had said them. It costs no tokens. */
export async function* givenWords(text: string): AsyncGenerator<GenerateEvent, void> {
  yield { type: "text", text };
  yield { type: "finish", reason: "stop", usage: { inputTokens: 0, outputTokens: 0 } };
}
