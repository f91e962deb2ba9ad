import { EngineError } from "./errors";
import type { TranscriptEvent } from "./types";

/** Ends with the one `done`, and throws when there is none. */
export async function* wholeTranscript(events: AsyncIterable<TranscriptEvent>): AsyncGenerator<TranscriptEvent, void> {
  for await (const event of events) {
    yield event;
    if (event.type === "done") return;
  }
  const message = "The stt provider broke off before the end of the transcript.";
  throw new EngineError({ stage: "stt", code: "incomplete", message, retryable: true });
}
