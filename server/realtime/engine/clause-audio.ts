import { durationMs, type Pcm } from "../audio/pcm";
import { Bell } from "./bell";

/** Audio that may lie ready for one clause before its source is left alone: the reader is behind, so there is no hurry. */
const AHEAD_MS = 5000;

/** The audio of one clause, fetched ahead of its reader within bounds. */
export class ClauseAudio {
  readonly #chunks: Pcm[] = [];
  readonly #drained = new Bell();
  #aheadMs = 0;
  #stopped = false;
  #end: { readonly error?: unknown } | undefined;

  /** Starts to fetch at once. `changed` is called whenever there is more to know. */
  constructor(source: AsyncIterable<Pcm>, changed: () => void) {
    void this.#fetch(source, changed);
  }

  /** The next chunk lies ready, or it is known that there is none. */
  get ready(): boolean {
    return this.#chunks.length > 0 || this.#end !== undefined;
  }

  get ended(): boolean {
    return this.#chunks.length === 0 && this.#end !== undefined;
  }

  /** The next chunk if it lies ready. Throws what the source threw, after its last chunk. */
  take(): Pcm | undefined {
    const chunk = this.#chunks.shift();
    if (chunk) {
      this.#aheadMs -= durationMs(chunk.samples.length, chunk.sampleRate);
      this.#drained.ring();
    } else if (this.#end && "error" in this.#end) {
      throw this.#end.error;
    }
    return chunk;
  }

  stop(): void {
    this.#stopped = true;
    this.#drained.ring();
  }

  async #fetch(source: AsyncIterable<Pcm>, changed: () => void): Promise<void> {
    try {
      for await (const chunk of source) {
        if (this.#stopped) break;
        if (chunk.samples.length === 0) continue;
        this.#chunks.push(chunk);
        this.#aheadMs += durationMs(chunk.samples.length, chunk.sampleRate);
        changed();
        while (this.#aheadMs >= AHEAD_MS && !this.#stopped) await this.#drained.wait();
        if (this.#stopped) break;
      }
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    changed();
  }
}
