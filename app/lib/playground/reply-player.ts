/** Replies on their way to the ear: plays them, tells how far they are, and silences those that were interrupted. */
import type { AudioPlayback } from "./audio-playback";
import type { AudioPart, CutPart } from "./playback-timeline";

export type Speaker = Pick<AudioPlayback, "unlock" | "enqueue" | "current" | "stop" | "close" | "choose">;

export interface ReplyPlayerParts {
  readonly speaker: Speaker;
  /** What sounds now, several times a second; undefined once it is silent. */
  onPlaying(playing: CutPart | undefined): void;
}

const TICK_MS = 80;

export class ReplyPlayer {
  readonly #parts: ReplyPlayerParts;
  /** Responses that were interrupted: what still comes of them is not played. */
  readonly #silenced = new Set<string>();
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(parts: ReplyPlayerParts) {
    this.#parts = parts;
  }

  /** Call it from a click or a key press: browsers keep audio silent until then. */
  unlock(): void {
    void this.#parts.speaker.unlock();
  }

  play(responseId: string, part: AudioPart, delta: string): void {
    if (this.#silenced.has(responseId)) return;
    this.#parts.speaker.enqueue(part, delta);
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
  }

  /** Silence at once, and for what still comes of these responses. Returns what was not heard to its end. */
  silence(responseIds: readonly string[]): CutPart[] {
    for (const responseId of responseIds) this.#silenced.add(responseId);
    const cut = this.#parts.speaker.stop();
    this.#tick();
    return cut;
  }

  /** Undefined: the usual speaker. False when the browser cannot. */
  choose(speakerId: string | undefined): Promise<boolean> {
    return this.#parts.speaker.choose(speakerId);
  }

  /** A new session: ids of older ones do not come again. */
  reset(): void {
    this.#silenced.clear();
  }

  dispose(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    void this.#parts.speaker.close();
  }

  #tick(): void {
    const playing = this.#parts.speaker.current();
    this.#parts.onPlaying(playing);
    if (playing !== undefined) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }
}
