import type { TranscriptEvent } from "../../realtime/engine/types";
import type { Asked } from "./failures";
import { upstreamError, type UpstreamEvent, type UpstreamFailure } from "./realtime-events";
import { logprobs, transcriptUsage } from "./transcripts";

type Completed = Extract<UpstreamEvent, { readonly transcript: string }>;

/** Makes one transcript of what a server says about an utterance. */
export class RealtimeWords {
  /** By item id; undefined while the words are awaited. A server that commits by itself makes several items. */
  readonly #items = new Map<string, Completed | undefined>();
  #committed: "no" | "asked" | "yes" = "no";

  constructor(private readonly asked: Asked) {}

  /** All audio is on its way, and the wish to have it transcribed. */
  commit(): void {
    this.#committed = "asked";
  }

  /** What the reader is told of it, if anything; `done` is the last. Throws an EngineError when there will be no words. */
  read(event: UpstreamEvent): TranscriptEvent | undefined {
    switch (event.type) {
      case "session.updated":
        return undefined;
      case "input_audio_buffer.committed":
        return this.#know(event.item_id, this.#items.get(event.item_id));
      case "conversation.item.input_audio_transcription.completed":
        return this.#know(event.item_id, event);
      case "conversation.item.input_audio_transcription.delta":
        return event.delta ? { type: "delta", text: event.delta, ...logprobs(event.logprobs) } : undefined;
      case "conversation.item.input_audio_transcription.segment": {
        const { id, speaker, text, start, end } = event;
        return { type: "segment", id, speaker, text, start, end };
      }
      case "conversation.item.input_audio_transcription.failed":
        throw upstreamError(this.asked, event.error);
      case "error":
        return this.#bear(event.error);
      default:
        return event satisfies never;
    }
  }

  #know(itemId: string, words: Completed | undefined): TranscriptEvent | undefined {
    this.#items.set(itemId, words);
    if (this.#committed === "asked") this.#committed = "yes";
    return this.#whole();
  }

  /** A server that has committed by itself has nothing left to commit, which is well. */
  #bear(failure: UpstreamFailure): TranscriptEvent | undefined {
    if (failure.code !== "input_audio_buffer_commit_empty" || this.#committed === "no") {
      throw upstreamError(this.asked, failure);
    }
    this.#committed = "yes";
    return this.#whole();
  }

  #whole(): TranscriptEvent | undefined {
    const items = [...this.#items.values()];
    if (this.#committed !== "yes" || items.includes(undefined)) return undefined;
    const text = items.flatMap((item) => item?.transcript.trim() || []).join(" ");
    const only = items.length === 1 ? items[0] : undefined;
    const usage = transcriptUsage(only?.usage ?? undefined);
    return { type: "done", text, ...logprobs(only?.logprobs), ...(usage && { usage }) };
  }
}
