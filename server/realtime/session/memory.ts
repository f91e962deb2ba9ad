/**
 * What a session remembers of its conversation beyond the model's window: which items were dropped, and a summary of
 * them that is made between replies and never waited for.
 */
import type { PromptItem } from "../engine/types";
import type { SessionContext } from "./context";
import { chooseContext, type Given, type WindowBasis } from "./context-window";
import { toPrompt } from "./prompt";
import type { Entry } from "./stored-items";
import { summaryBy, type Summarize } from "./summary";
import { entryTokens } from "./usage";

/** What happens to a conversation that outgrows its model. */
export interface ContextOptions {
  /**
   * Tells the model what was dropped in a few sentences, as a system message before the rest. `true`: the engine's own
   * language model writes it, which costs tokens; or a function of your own, for example with a cheaper model. It runs
   * between replies and no reply waits for it; a failure is logged and tried again later. Default: false.
   */
  readonly summarize?: boolean | Summarize;
}

type Basis = Omit<WindowBasis, "engine" | "truncation" | "summary" | "dropped">;

/** A summary is renewed for at least so many tokens, or this part of what a conversation may have. */
const WORTH_TOKENS = 500;
const WORTH_SHARE = 0.05;
const SUMMARY_TIMEOUT_MS = 60_000;
/** A longer one would take the place that it is meant to save. */
const MAX_SUMMARY_CHARS = 8_000;

export class ConversationMemory {
  private dropped: ReadonlySet<string> = new Set();
  private readonly summarized = new Set<string>();
  private summary: string | null = null;
  private limit = Infinity;
  private running: AbortController | undefined;
  private readonly summarize: Summarize | undefined;

  constructor(
    private readonly context: SessionContext,
    { summarize = false }: ContextOptions = {},
  ) {
    if (summarize !== false) this.summarize = summarize === true ? summaryBy(context) : summarize;
  }

  /** What a response of the conversation is given. @throws ProtocolError when it does not fit. */
  give(entries: readonly Entry[], basis: Basis): Given {
    const given = this.look(entries, basis);
    this.dropped = given.dropped;
    this.limit = given.limit;
    return given;
  }

  /** The same for a response that may not come to be: nothing is remembered of it. */
  look(entries: readonly Entry[], basis: Basis): Given {
    const { summary, dropped } = this;
    return chooseContext(entries, { ...basis, ...this.setting, summary, dropped });
  }

  /** What a response with an input of its own is given. */
  giveApart(entries: readonly Entry[], basis: Basis): Given {
    return chooseContext(entries, { ...basis, ...this.setting, summary: null, dropped: new Set() });
  }

  /** No reply is running: time to sum up what was dropped. */
  replyEnded(): void {
    if (this.summarize === undefined || this.running !== undefined) return;
    const entries = this.context.conversation.entries.filter(
      ({ item }) => this.dropped.has(item.id) && !this.summarized.has(item.id),
    );
    const tokens = entries.reduce((sum, entry) => sum + entryTokens(entry), 0);
    if (entries.length > 0 && tokens >= Math.min(WORTH_TOKENS, this.limit * WORTH_SHARE))
      void this.sumUp(this.summarize, entries);
  }

  close(): void {
    this.running?.abort();
  }

  private get setting() {
    return { engine: this.context.engine, truncation: this.context.answering().truncation };
  }

  private async sumUp(summarize: Summarize, entries: readonly Entry[]): Promise<void> {
    const running = new AbortController();
    this.running = running;
    const timer = setTimeout(() => running.abort(new Error("The summary took too long.")), SUMMARY_TIMEOUT_MS);
    try {
      const items: readonly PromptItem[] = toPrompt(entries);
      const { signal } = running;
      const text = await Promise.race([summarize({ previous: this.summary, items, signal }), aborted(signal)]);
      this.context.post(() => {
        this.summary = text.trim().slice(0, MAX_SUMMARY_CHARS) || this.summary;
        for (const { item } of entries) this.summarized.add(item.id);
      });
    } catch (error) {
      this.context.post(() => this.context.fault(error));
    } finally {
      clearTimeout(timer);
      this.running = undefined;
    }
  }
}

/** A function that does not obey its signal is not waited for either. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
