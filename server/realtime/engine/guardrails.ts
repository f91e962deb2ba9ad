/**
 * Guardrails: functions of the host that hear each clause of a reply before anybody else does, and may let it pass, put
 * other words in its place, or end the reply there.
 */
import type { Pcm } from "../audio/pcm";
import { createClauseSplitter } from "./clauses";
import { GuardedSound } from "./guarded-sound";
import type { ReplyEvent } from "./types";

export interface GuardedClause {
  /** The clause that is about to be said. */
  readonly text: string;
  /** What this reply has said before it. */
  readonly before: string;
  readonly sessionId: string;
  readonly responseId: string;
  readonly tenant: string | undefined;
  /** Aborts when the answer is not wanted any more. */
  readonly signal: AbortSignal;
}

/** `stop` ends the reply before the clause; it becomes `incomplete` with the reason `content_filter`. */
export type GuardVerdict = "pass" | "stop" | { readonly replace: string };

export interface Guardrail {
  /** For the log. */
  readonly name: string;
  /** Judges one clause. The reply waits for it; the next clause is made meanwhile. */
  check(clause: GuardedClause): GuardVerdict | Promise<GuardVerdict>;
  /** Milliseconds that a judgement may take. Default: 500. */
  readonly timeoutMs?: number;
  /** What counts when it throws or is late. Default: `pass`. */
  readonly onFailure?: "pass" | "stop";
}

/** What a guardrail did, where it did anything. */
export interface GuardReport {
  readonly guardrail: string;
  readonly verdict: "replace" | "stop" | "failed";
  /** The clause that it was about. */
  readonly text: string;
  /** Why it failed. */
  readonly error?: unknown;
}

export interface GuardOptions {
  readonly guardrails: readonly Guardrail[];
  readonly about: Omit<GuardedClause, "text" | "before" | "signal">;
  readonly signal: AbortSignal;
  /** Says other words. Undefined: it cannot, and the reply ends instead. */
  readonly speak: ((text: string) => AsyncIterable<ReplyEvent>) | undefined;
  report(report: GuardReport): void;
}

const TIMEOUT_MS = 500;

/**
 * The reply with its clauses judged. Guardrails run in order; each hears what the one before it made of the clause. Of
 * sound that cannot be told apart no single clause can be taken out: the reply ends where one would have to be.
 */
export async function* guardReply(
  events: AsyncIterable<ReplyEvent>,
  options: GuardOptions,
): AsyncGenerator<ReplyEvent, void> {
  const guarded = new GuardedReply(options);
  for await (const event of events) if (!(yield* guarded.next(event))) return yield STOPPED;
}

const STOPPED: ReplyEvent = { type: "finish", reason: "content_filter" };

/** What comes of an event; false when the reply is to end there. */
type Passed = AsyncGenerator<ReplyEvent, boolean>;

class GuardedReply {
  private readonly judge: Judge;
  private readonly written = createClauseSplitter();
  private readonly spoken = createClauseSplitter();
  private readonly sound = new GuardedSound();
  /** The sound that comes is that of the latest clause: let through, or the sound of one that was replaced. */
  private clause: "passed" | "replaced" | undefined;

  constructor(private readonly options: GuardOptions) {
    this.judge = new Judge(options);
  }

  async *next(event: ReplyEvent): Passed {
    switch (event.type) {
      case "text":
        return yield* this.text(this.written.push(event.text));
      case "speech":
        if (event.joins !== true) return yield* this.speech(event);
        this.clause = undefined;
        return yield* this.joined(this.spoken.push(event.text));
      case "audio":
        if (this.clause === undefined) return yield* this.unclear(event.audio);
        if (this.clause === "passed") yield event;
        return true;
      case "finish":
      case "tool-call":
        if (!(yield* this.text(this.written.flush()))) return false;
        if (!(yield* this.joined(this.spoken.flush()))) return false;
        if (!(yield* this.rest())) return false;
        yield event;
        return true;
      case "kept":
      case "tool-arguments":
      case "tool-call-done":
        yield event;
        return true;
      default:
        return event satisfies never;
    }
  }

  private async *text(clauses: readonly string[]): Passed {
    for (const text of clauses) {
      const words = await this.judge.judge(text);
      if (words === undefined) return false;
      if (words !== "") yield { type: "text", text: words };
    }
    return true;
  }

  private async *speech(event: Extract<ReplyEvent, { type: "speech" }>): Passed {
    const words = await this.judge.judge(event.text);
    if (words === undefined) return false;
    this.clause = words === event.text ? "passed" : "replaced";
    if (this.clause === "passed") yield event;
    else if (words !== "") return yield* this.otherWords(words);
    return true;
  }

  /** Clauses whose sound is one with that of others. */
  private async *joined(clauses: readonly string[]): Passed {
    for (const text of clauses) {
      const words = await this.judge.judge(text);
      if (words !== undefined && words !== text && words !== "") yield* this.otherWords(words);
      if (words !== text) return false;
      this.sound.allow(text.length);
      yield { type: "speech", text, joins: true };
      yield* heard(this.sound.take());
    }
    return true;
  }

  private async *unclear(audio: Pcm): Passed {
    const fits = this.sound.push(audio);
    yield* heard(this.sound.take());
    return fits;
  }

  /** Nothing more is said: what is held is the sound of words that passed, unless there never were any. */
  private async *rest(): Passed {
    if (this.sound.holds && !this.judge.heard) return false;
    yield* heard(this.sound.takeAll());
    return true;
  }

  private async *otherWords(words: string): Passed {
    if (this.options.speak === undefined) return false;
    for await (const event of this.options.speak(words))
      if (event.type === "speech" || event.type === "audio") yield event;
    return true;
  }
}

function* heard(sound: Iterable<Pcm>): Generator<ReplyEvent, void> {
  for (const audio of sound) yield { type: "audio", audio };
}

class Judge {
  private before = "";

  constructor(private readonly options: GuardOptions) {}

  /** There were words to judge. */
  get heard(): boolean {
    return this.before !== "";
  }

  /** The words to say; undefined to stop. */
  async judge(clause: string): Promise<string | undefined> {
    let text = clause;
    for (const guardrail of this.options.guardrails) {
      const verdict = text.trim() === "" ? "pass" : await this.ask(guardrail, text);
      if (verdict === "stop") return undefined;
      if (verdict !== "pass") text = verdict.replace;
    }
    this.before += text;
    return text;
  }

  private async ask(guardrail: Guardrail, text: string): Promise<GuardVerdict> {
    const { name, onFailure = "pass" } = guardrail;
    try {
      const verdict = await this.inTime(guardrail, text);
      if (verdict !== "pass") this.report(name, verdict === "stop" ? "stop" : "replace", text);
      return verdict;
    } catch (error) {
      this.options.signal.throwIfAborted();
      this.options.report({ guardrail: name, verdict: "failed", text, error });
      return onFailure;
    }
  }

  private report(guardrail: string, verdict: GuardReport["verdict"], text: string): void {
    this.options.report({ guardrail, verdict, text });
  }

  private inTime({ check, timeoutMs = TIMEOUT_MS }: Guardrail, text: string): Promise<GuardVerdict> {
    const { signal, about } = this.options;
    const own = new AbortController();
    return new Promise<GuardVerdict>((resolve, reject) => {
      const stop = (reason: unknown): void => {
        reject(reason instanceof Error ? reason : new Error("The reply has ended."));
        own.abort(reason);
      };
      const abort = (): void => stop(signal.reason);
      const timer = setTimeout(() => stop(new Error(`It gave no verdict within ${timeoutMs} ms.`)), timeoutMs);
      signal.addEventListener("abort", abort, { once: true });
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      };
      Promise.resolve()
        .then(() => check({ ...about, text, before: this.before, signal: own.signal }))
        .then(resolve, reject)
        .finally(settle);
      if (signal.aborted) abort();
    });
  }
}
