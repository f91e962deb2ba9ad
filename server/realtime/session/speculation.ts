/**
 * Work done on the chance that a pause is the end of a turn: words, and when they are known the beginning of a reply.
 * Nothing of it is seen by the client, nor kept in the conversation, unless the turn really ends there.
 */
import type { TranscriptEvent } from "../engine/types";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import { Held } from "./held";
import type { LiveWords } from "./live-words";
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

/** Words of a recogniser that goes on listening are taken for whole when no others came for so long. */
const STABLE_MS = 80;

interface Guess {
  readonly clip: AudioClip;
  readonly words: { readonly events: Held<TranscriptEvent>; readonly abort: AbortController };
  /** The recogniser goes on listening, whatever becomes of the pause. */
  readonly live: LiveWords | undefined;
  heard: string | undefined;
  reply: PreparedReply | undefined;
}

export class Speculation {
  private guess: Guess | undefined;
  private settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: SessionContext,
    private readonly hooks: SpeculationHooks,
  ) {}

  /** Somebody paused after `clip`. A recogniser that has listened all along need not be asked again. */
  begin(clip: AudioClip, live: LiveWords | undefined): void {
    this.drop();
    if (this.hooks.mode() === "off") return;
    this.guess = { clip, live, words: live ?? this.recognise(clip), heard: undefined, reply: undefined };
    if (live !== undefined && live.words !== "") this.hear(live.words);
  }

  /** Words of the pause were found, or others than before. */
  hear(words: string): void {
    const { guess } = this;
    if (guess === undefined || guess.heard === words) return;
    guess.heard = words;
    this.hooks.onWords(words);
    clearTimeout(this.settling);
    // While words still come, the last ones heard are not yet the ones to answer.
    if (guess.live === undefined) this.prepare(guess, words);
    else this.settling = setTimeout(() => this.context.post(() => this.prepare(guess, words)), STABLE_MS);
  }

  private prepare(guess: Guess, words: string): void {
    // The words may have voided the pause meanwhile.
    if (guess !== this.guess || this.hooks.mode() !== "reply") return;
    guess.reply?.drop();
    guess.reply = words.trim() === "" ? undefined : this.hooks.prepare(guess.clip, words);
  }

  /** Speech went on, or what was heard is void: stops everything. */
  drop(): void {
    const { guess } = this;
    if (guess === undefined) return;
    this.guess = undefined;
    clearTimeout(this.settling);
    if (guess.live === undefined) guess.words.abort.abort();
    guess.reply?.drop();
    this.context.speculated({ outcome: "dropped", usage: guess.reply?.usage() });
  }

  /** The turn ended at the pause: hands over what there is. */
  take(): Draft | undefined {
    const { guess } = this;
    if (guess === undefined || guess.words.events.failed) {
      this.drop();
      return undefined;
    }
    this.guess = undefined;
    clearTimeout(this.settling);
    this.context.speculated({ outcome: "used", usage: undefined });
    return { words: guess.words.events, abort: guess.words.abort, reply: guess.reply };
  }

  private recognise(clip: AudioClip): Guess["words"] {
    const abort = new AbortController();
    const events = new Held(this.hooks.transcribe(clip, abort.signal), {
      onEvent: (event) => {
        if (event.type !== "done") return;
        this.context.post(() => {
          if (this.guess?.words.events === events) this.hear(event.text);
        });
      },
    });
    return { abort, events };
  }
}
