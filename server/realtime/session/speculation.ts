/**
 * Work done on the chance that a pause is the end of a turn: words, and when they are known the beginning of a reply.
 * Nothing of it is seen by the client, nor kept in the conversation, unless the turn really ends there.
 */
import type { TranscriptEvent } from "../engine/types";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import { Held } from "./held";
import type { PreparedReply } from "./prepared-reply";

/** How far to go: not at all, to the words, or to the first words of the reply. */
export type Speculate = "off" | "transcribe" | "reply";

export interface SpeculationHooks {
  mode(): Speculate;
  transcribe(clip: AudioClip, signal: AbortSignal): AsyncIterable<TranscriptEvent>;
  /** Undefined when no reply can be prepared now. */
  prepare(clip: AudioClip, words: string): PreparedReply | undefined;
  /** The words of the pause, as soon as they are known. */
  onWords(words: string): unknown;
}

/** What a turn that ended need not do again. */
export interface Draft {
  readonly words: AsyncIterable<TranscriptEvent>;
  readonly reply: PreparedReply | undefined;
  /** Stops the words, should nobody want them. */
  readonly abort: AbortController;
}

interface Guess {
  readonly abort: AbortController;
  readonly words: Held<TranscriptEvent>;
  reply: PreparedReply | undefined;
}

export class Speculation {
  private guess: Guess | undefined;

  constructor(
    private readonly context: SessionContext,
    private readonly hooks: SpeculationHooks,
  ) {}

  /** Somebody paused after `clip`. */
  begin(clip: AudioClip): void {
    this.drop();
    if (this.hooks.mode() === "off") return;
    const abort = new AbortController();
    const words = new Held(this.hooks.transcribe(clip, abort.signal), {
      onEvent: (event) => {
        if (event.type === "done") this.context.post(() => this.hear(guess, clip, event.text));
      },
    });
    const guess: Guess = { abort, words, reply: undefined };
    this.guess = guess;
  }

  /** Speech went on, or what was heard is void: stops everything. */
  drop(): void {
    const { guess } = this;
    if (guess === undefined) return;
    this.guess = undefined;
    guess.abort.abort();
    guess.reply?.drop();
    this.context.speculated({ outcome: "dropped", usage: guess.reply?.usage() });
  }

  /** The turn ended at the pause: hands over what there is. */
  take(): Draft | undefined {
    const { guess } = this;
    if (guess === undefined || guess.words.failed) {
      this.drop();
      return undefined;
    }
    this.guess = undefined;
    this.context.speculated({ outcome: "used", usage: undefined });
    return { words: guess.words, reply: guess.reply, abort: guess.abort };
  }

  private hear(guess: Guess, clip: AudioClip, words: string): void {
    if (guess !== this.guess) return;
    this.hooks.onWords(words);
    // Looking at the words may have voided them.
    if (guess !== this.guess) return;
    if (this.hooks.mode() === "reply" && words.trim() !== "") guess.reply = this.hooks.prepare(clip, words);
  }
}
