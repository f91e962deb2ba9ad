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
  /** `words` are null where a reply needs none. */
  prepare(clip: AudioClip, words: string | null): PreparedReply | undefined;
  /** The words of the pause, as soon as they are known. */
  onWords(words: string): unknown;
}

/** What a turn that ended need not do again. */
export interface Draft {
  /** Undefined: nobody has looked for any. */
  readonly words: AsyncIterable<TranscriptEvent> | undefined;
  readonly reply: PreparedReply | undefined;
  /** Stops the words, should nobody want them. */
  readonly abort: AbortController;
}

/** Words of a recogniser that goes on listening are taken for whole when no others came for so long. */
const STABLE_MS = 80;

interface Guess {
  readonly clip: AudioClip;
  readonly words: { readonly events: Held<TranscriptEvent>; readonly abort: AbortController } | undefined;
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
    const mode = this.hooks.mode();
    const { transcripts = "needed" } = this.context.engine;
    if (mode === "off" || (mode === "transcribe" && transcripts === "none")) return;
    const words = live ?? (transcripts === "none" ? undefined : this.recognise(clip));
    this.guess = { clip, live, words, heard: undefined, reply: undefined };
    if (transcripts !== "needed") this.prepare(this.guess, null);
    if (live !== undefined && live.words !== "") this.hear(live.words);
  }

  /** Words of the pause were found, or others than before. */
  hear(words: string): void {
    const { guess } = this;
    if (guess === undefined || guess.heard === words) return;
    guess.heard = words;
    this.hooks.onWords(words);
    clearTimeout(this.settling);
    if ((this.context.engine.transcripts ?? "needed") !== "needed") return;
    // While words still come, the last ones heard are not yet the ones to answer.
    if (guess.live === undefined) this.prepare(guess, words);
    else this.settling = setTimeout(() => this.context.post(() => this.prepare(guess, words)), STABLE_MS);
  }

  private prepare(guess: Guess, words: string | null): void {
    // The words may have voided the pause meanwhile.
    if (guess !== this.guess || this.hooks.mode() !== "reply") return;
    guess.reply?.drop();
    guess.reply = words?.trim() === "" ? undefined : this.hooks.prepare(guess.clip, words);
  }

  /** Speech went on, or what was heard is void: stops everything. */
  drop(): void {
    const { guess } = this;
    if (guess === undefined) return;
    this.guess = undefined;
    clearTimeout(this.settling);
    if (guess.live === undefined) guess.words?.abort.abort();
    guess.reply?.drop();
    this.context.speculated({ outcome: "dropped", usage: guess.reply?.usage() });
  }

  /** The turn ended at the pause: hands over what there is. */
  take(): Draft | undefined {
    const { guess } = this;
    const lost = guess?.words?.events.failed === true;
    if (guess === undefined || (lost && guess.reply?.words !== null)) {
      this.drop();
      return undefined;
    }
    this.guess = undefined;
    clearTimeout(this.settling);
    this.context.speculated({ outcome: "used", usage: undefined });
    const { events, abort = new AbortController() } = guess.words ?? {};
    return { words: lost ? undefined : events, abort, reply: guess.reply };
  }

  private recognise(clip: AudioClip): NonNullable<Guess["words"]> {
    const abort = new AbortController();
    const events = new Held(this.hooks.transcribe(clip, abort.signal), {
      onEvent: (event) => {
        if (event.type !== "done") return;
        this.context.post(() => {
          if (this.guess?.words?.events === events) this.hear(event.text);
        });
      },
    });
    return { abort, events };
  }
}
