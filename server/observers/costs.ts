/** What operations cost, by the prices that hold when they are written. */
import { costOf, costOfTime, type Price } from "../../lib/services/prices/cost";
import type { ResponseUsage } from "../realtime/protocol/responses";
import type { Operation } from "./rows";

type PriceOf = (model: string) => Price | undefined;

export function withCost(operation: Operation, priceOf: PriceOf): Operation {
  if (operation.type === "usage") {
    const { row } = operation;
    const tokens = {
      inputText: row.inputTextTokens ?? 0,
      inputAudio: row.inputAudioTokens ?? 0,
      cached: row.cachedTokens ?? 0,
      outputText: row.outputTextTokens ?? 0,
      outputAudio: row.outputAudioTokens ?? 0,
    };
    const price = priceOf(row.model);
    const costMicros = costOf(tokens, price) + costOfTime(row.durationMs ?? 0, price);
    return { ...operation, row: { ...row, costMicros } };
  }
  if (operation.type !== "response" || !operation.row.usage) return operation;
  // The track put it there.
  const usage = operation.row.usage as ResponseUsage;
  const tokens = {
    inputText: usage.input_token_details.text_tokens + usage.input_token_details.image_tokens,
    inputAudio: usage.input_token_details.audio_tokens,
    cached: usage.input_token_details.cached_tokens,
    outputText: usage.output_token_details.text_tokens,
    outputAudio: usage.output_token_details.audio_tokens,
  };
  return { ...operation, row: { ...operation.row, costMicros: costOf(tokens, priceOf(operation.row.model)) } };
}
