/** What sounds over a call, by the server's own word: it says when a response begins and ends to be heard. */
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import type { CutPart } from "./playback-timeline";

const TICK_MS = 80;

export class CallPlaying {
  readonly #onPlaying: (playing: CutPart | undefined) => void;
  /** The item of each response that is spoken. */
  readonly #items = new Map<string, string>();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #response: string | undefined;

  constructor(onPlaying: (playing: CutPart | undefined) => void) {
    this.#onPlaying = onPlaying;
  }

  received(event: ServerEvent): void {
    switch (event.type) {
      case "response.content_part.added":
        if (event.part.type === "audio") this.#items.set(event.response_id, event.item_id);
        return;
      case "output_audio_buffer.started":
        return this.#start(event.response_id);
      case "output_audio_buffer.stopped":
      case "output_audio_buffer.cleared":
        this.#items.delete(event.response_id);
        if (event.response_id === this.#response) this.stop();
        return;
      default:
        return;
    }
  }

  stop(): void {
    if (this.#ticker === undefined) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.#response = undefined;
    this.#onPlaying(undefined);
  }

  #start(responseId: string): void {
    clearInterval(this.#ticker);
    this.#response = responseId;
    const itemId = this.#items.get(responseId) ?? "";
    const startedAt = performance.now();
    const tell = (): void => this.#onPlaying({ itemId, contentIndex: 0, heardMs: performance.now() - startedAt });
    tell();
    this.#ticker = setInterval(tell, TICK_MS);
  }
}
