/**
 * Guardrails: functions of the host that hear each clause of a reply before anybody else does, and may let it pass, put
 * other words in its place, or end the reply there.
 */
import { createClauseSplitter } from "./clauses";
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

/** The reply with its clauses judged. Guardrails run in order; each hears what the one before it made of the clause. */
export async function* guardReply(
  events: AsyncIterable<ReplyEvent>,
  options: GuardOptions,
): AsyncGenerator<ReplyEvent, void> {
  const judge = new Judge(options);
  const splitter = createClauseSplitter();
  /** Sound of a clause that was replaced. */
  let muted = false;
  const clauses = async function* (texts: readonly string[]): AsyncGenerator<ReplyEvent, boolean> {
    for (const text of texts) {
      const words = await judge.judge(text);
      if (words === undefined) return false;
      if (words !== "") yield { type: "text", text: words };
    }
    return true;
  };
  for await (const event of events) {
    switch (event.type) {
      case "text":
        if (!(yield* clauses(splitter.push(event.text)))) return yield STOPPED;
        break;
      case "speech": {
        const words = await judge.judge(event.text);
        if (words === undefined) return yield STOPPED;
        muted = words !== event.text;
        if (!muted) yield event;
        else if (words !== "" && options.speak === undefined) return yield STOPPED;
        else if (words !== "") yield* spoken(options.speak!(words));
        break;
      }
      case "audio":
        if (!muted) yield event;
        break;
      case "finish":
      case "tool-call":
        if (!(yield* clauses(splitter.flush()))) return yield STOPPED;
        yield event;
        break;
      case "tool-arguments":
      case "tool-call-done":
        yield event;
        break;
      default:
        event satisfies never;
    }
  }
}

const STOPPED: ReplyEvent = { type: "finish", reason: "content_filter" };

async function* spoken(events: AsyncIterable<ReplyEvent>): AsyncGenerator<ReplyEvent, void> {
  for await (const event of events) if (event.type === "speech" || event.type === "audio") yield event;
}

class Judge {
  private before = "";

  constructor(private readonly options: GuardOptions) {}

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
