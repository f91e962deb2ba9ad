import type { Pcm } from "../audio/pcm";
import { Bell } from "./bell";
import { ClauseAudio } from "./clause-audio";
import { createClauseSplitter } from "./clauses";
import type { GenerateEvent, ReplyEvent, ToolCallEvent } from "./types";

/** Clauses that are synthesised while an earlier one is being sent. */
const LOOK_AHEAD = 1;
/** Clauses that may wait for their turn before the language model is read no further. */
const MAX_WAITING = 64;

export interface SpokenReplyOptions {
  readonly generation: AsyncIterable<GenerateEvent>;
  readonly synthesize: (text: string) => AsyncIterable<Pcm>;
  /** Plain words to speak for a clause; "" when there is nothing to say. Called with each clause, in order. */
  readonly speakable: (clause: string) => string;
  /** BCP 47; tunes where clauses end. */
  readonly locale?: string;
  readonly signal: AbortSignal;
}

interface Clause {
  readonly text: string;
  readonly words: string;
  announced: boolean;
  audio: ClauseAudio | undefined;
}

/** Turns the words of a language model into speech, clause by clause; see ReplyEvent for the order of events. */
export async function* spokenReply(options: SpokenReplyOptions): AsyncGenerator<ReplyEvent, void> {
  const { signal } = options;
  const speaker = new Speaker(options);
  const stop = (): void => speaker.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const event = speaker.next();
      if (event) yield event;
      else await speaker.changed.wait();
      if (event?.type === "finish") return;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/**
 * One task reads the language model as it comes, one fetches the audio of each clause at hand; `next` puts what they
 * found in order. A failure is delivered in its place: what came before it is spoken first.
 */
class Speaker {
  readonly changed = new Bell();
  readonly #options: SpokenReplyOptions;
  readonly #clauses: Clause[] = [];
  readonly #toolEvents: ToolCallEvent[] = [];
  readonly #room = new Bell();
  #end: Extract<GenerateEvent, { type: "finish" }> | { readonly type: "failure"; readonly error: unknown } | undefined;
  #spoke = false;
  #stopped = false;

  constructor(options: SpokenReplyOptions) {
    this.#options = options;
    void this.#read();
  }

  /** The next event if it is known. */
  next(): ReplyEvent | undefined {
    const clause = this.#clauses[0];
    // Words that came before a tool call are announced before it, or it would look as if they came after.
    if (this.#toolEvents.length > 0 && (this.#spoke || !clause)) return this.#toolEvents.shift();
    if (!clause) return this.#outcome();
    const ready = clause.audio?.ready ?? true;
    // Words that failed to become audio are not announced: this throws.
    if (clause.audio?.ended) clause.audio.take();
    if (!clause.announced && (ready || this.#toolEvents.length > 0)) {
      clause.announced = true;
      this.#spoke = true;
      return { type: "speech", text: clause.text };
    }
    const audio = clause.audio?.take();
    if (audio) return { type: "audio", audio };
    if (!ready) return undefined;
    this.#clauses.shift();
    this.#synthesizeAhead();
    this.#room.ring();
    return this.next();
  }

  stop(): void {
    this.#stopped = true;
    for (const clause of this.#clauses) clause.audio?.stop();
    this.#room.ring();
    this.changed.ring();
  }

  #outcome(): ReplyEvent | undefined {
    if (this.#end?.type === "failure") throw this.#end.error;
    return this.#end;
  }

  async #read(): Promise<void> {
    const splitter = createClauseSplitter(this.#options.locale);
    try {
      for await (const event of this.#options.generation) {
        switch (event.type) {
          case "text":
            this.#add(splitter.push(event.text));
            break;
          case "tool-call":
            this.#add(splitter.flush());
            this.#toolEvents.push(event);
            break;
          case "tool-arguments":
          case "tool-call-done":
            this.#toolEvents.push(event);
            break;
          case "finish":
            this.#add(splitter.flush());
            this.#end = event;
            break;
          default:
            event satisfies never;
        }
        this.changed.ring();
        if (this.#stopped) return;
        while (this.#clauses.length >= MAX_WAITING && !this.#stopped) await this.#room.wait();
      }
    } catch (error) {
      this.#end = { type: "failure", error };
      this.changed.ring();
    }
  }

  #add(clauses: readonly string[]): void {
    for (const text of clauses) {
      this.#clauses.push({ text, words: this.#options.speakable(text), announced: false, audio: undefined });
    }
    this.#synthesizeAhead();
  }

  #synthesizeAhead(): void {
    if (this.#stopped) return;
    let atHand = 0;
    for (const clause of this.#clauses) {
      if (clause.words === "") continue;
      if (atHand++ > LOOK_AHEAD) return;
      clause.audio ??= new ClauseAudio(this.#options.synthesize(clause.words), () => this.changed.ring());
    }
  }
}
