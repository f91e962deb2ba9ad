/** What a response cost in tokens: the provider's own figures where it gave them, otherwise counted here. */
import type { FunctionTool, TokenUsage } from "../engine/types";
import type { Item } from "../protocol/items";
import type { ResponseUsage } from "../protocol/responses";
import type { Entry } from "./stored-items";
import { countTokens } from "./tokenizer";

/** The official rates: heard audio is 1 token per 100 ms, spoken audio 1 per 50 ms. */
const INPUT_MS_PER_TOKEN = 100;
const OUTPUT_MS_PER_TOKEN = 50;

export interface UsageBasis {
  readonly instructions: string;
  readonly tools: readonly FunctionTool[];
  readonly context: readonly Entry[];
  readonly output: readonly Item[];
  /** Audio that was sent, in ms. */
  readonly outputAudioMs: number;
  readonly provider: TokenUsage | undefined;
}

export function usageOf(basis: UsageBasis): ResponseUsage {
  const { provider } = basis;
  const inputText = provider?.inputTokens ?? inputTextTokens(basis);
  const inputAudio = sum(basis.context, (entry) => audioTokens(entry));
  const outputText = provider?.outputTokens ?? sum(basis.output, itemTokens);
  const outputAudio = Math.ceil(basis.outputAudioMs / OUTPUT_MS_PER_TOKEN);
  const cached = Math.min(provider?.cachedInputTokens ?? 0, inputText);
  return {
    total_tokens: inputText + inputAudio + outputText + outputAudio,
    input_tokens: inputText + inputAudio,
    output_tokens: outputText + outputAudio,
    input_token_details: {
      text_tokens: inputText,
      audio_tokens: inputAudio,
      image_tokens: 0,
      cached_tokens: cached,
      cached_tokens_details: { text_tokens: cached, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: outputText, audio_tokens: outputAudio },
  };
}

function inputTextTokens(basis: UsageBasis): number {
  const tools = sum(basis.tools, (tool) => countTokens(JSON.stringify(tool)));
  return countTokens(basis.instructions) + tools + sum(basis.context, (entry) => itemTokens(entry.item));
}

function audioTokens(entry: Entry): number {
  return sum([...entry.clips.values()], (clip) => Math.ceil(clip.durationMs / INPUT_MS_PER_TOKEN));
}

const counted = new WeakMap<Item, number>();

/** Counted once per item, since every response counts the whole conversation again. */
function itemTokens(item: Item): number {
  const known = counted.get(item);
  if (known !== undefined) return known;
  const tokens = countTokens(textOf(item));
  counted.set(item, tokens);
  return tokens;
}

function textOf(item: Item): string {
  switch (item.type) {
    case "message":
      return item.content
        .map((part) => ("text" in part ? part.text : "transcript" in part ? (part.transcript ?? "") : ""))
        .join("\n");
    case "function_call":
      return `${item.name} ${item.arguments}`;
    case "function_call_output":
      return item.output;
    case "mcp_approval_request":
    case "mcp_approval_response":
    case "mcp_call":
    case "mcp_list_tools":
      return JSON.stringify(item);
    default:
      return item satisfies never;
  }
}

function sum<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((total, each) => total + of(each), 0);
}
