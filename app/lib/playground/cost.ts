/** What responses cost, as far as the page can tell: the server's own figure is in the session's record. */
import type { ResponseUsage } from "../../../server/realtime/protocol/responses";
import type { ConversationState } from "./conversation-types";

/** Millionths of the currency for a million tokens. */
export interface ModelPrices {
  readonly model: string;
  readonly inputText: number;
  readonly inputAudio: number;
  readonly cached: number;
  readonly outputText: number;
  readonly outputAudio: number;
}

export interface Spent {
  readonly tokens: number;
  /** In millionths of the currency; undefined for a model without a price. */
  readonly cost: number | undefined;
}

/** What a session took so far; undefined before its first response. */
export function spentIn(
  { usage, session }: Pick<ConversationState, "usage" | "session">,
  prices: readonly ModelPrices[],
): Spent | undefined {
  if (usage.length === 0 || session === undefined) return undefined;
  const price = prices.find(({ model }) => model === session.model);
  return {
    tokens: usage.reduce((sum, { total_tokens: tokens }) => sum + tokens, 0),
    cost: price === undefined ? undefined : usage.reduce((sum, each) => sum + costOf(each, price), 0),
  };
}

/** In millionths of the currency. */
export function costOf(usage: ResponseUsage, prices: ModelPrices): number {
  const { input_token_details: input, output_token_details: output } = usage;
  const { cached_tokens_details: cached } = input;
  const perMillion =
    (input.text_tokens + input.image_tokens - cached.text_tokens - cached.image_tokens) * prices.inputText +
    (input.audio_tokens - cached.audio_tokens) * prices.inputAudio +
    input.cached_tokens * prices.cached +
    output.text_tokens * prices.outputText +
    output.audio_tokens * prices.outputAudio;
  return perMillion / 1_000_000;
}
