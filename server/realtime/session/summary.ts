/** Has what a model is not given any more told in a few sentences. */
import { textRequest } from "../engine/text-request";
import type { PromptItem } from "../engine/types";
import { newId } from "../protocol/ids";
import type { SessionContext } from "./context";

export interface SummaryRequest {
  /** The summary so far, which the new one takes the place of; null: there is none yet. */
  readonly previous: string | null;
  /** What was dropped since then, oldest first. */
  readonly items: readonly PromptItem[];
  /** Aborts when it takes longer than a minute, and when the session ends. */
  readonly signal: AbortSignal;
}

/** Returns the new summary; what is beyond 8,000 characters is cut off. What it throws is logged. */
export type Summarize = (request: SummaryRequest) => string | Promise<string>;

const INSTRUCTIONS =
  "You keep the memory of a conversation. Sum up what follows, together with the summary so far if there is one, in at " +
  "most ten short sentences, in the language of the conversation: who the user is, what they want, names, numbers, " +
  "decisions, and what is still open. Write nothing but the summary. Do not answer the conversation.";
const ASK: PromptItem = {
  type: "message",
  role: "user",
  content: [{ type: "text", text: "Write the summary of our conversation up to here." }],
};
const MAX_TOKENS = 600;

/** Written by the engine's own language model. */
export function summaryBy({ engine, answering, sessionId }: SessionContext): Summarize {
  return async ({ previous, items, signal }) => {
    const soFar = previous === null ? "" : `\n\nThe summary so far:\n${previous}`;
    let text = "";
    const reply = engine.respond(
      textRequest(engine, {
        sessionId,
        responseId: newId("resp"),
        model: answering().model,
        instructions: INSTRUCTIONS + soFar,
        items: [...items, ASK],
        maxOutputTokens: MAX_TOKENS,
        signal,
      }),
    );
    for await (const event of reply) if (event.type === "text") text += event.text;
    return text;
  };
}
