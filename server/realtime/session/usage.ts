/** What a response cost in tokens: the provider's own figures where it gave them, otherwise counted here. */
import type { FunctionTool, TokenUsage } from "../engine/types";
import type { Item } from "../protocol/items";
import type { ResponseUsage } from "../protocol/responses";
import type { ServerEventOf } from "../protocol/server-events";
import type { Entry } from "./stored-items";
import { countTokens, isExact } from "./tokenizer";

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
  const inputAudio = provider?.inputAudioTokens ?? sum(basis.context, (entry) => audioTokens(entry));
  const inputText = less(provider?.inputTokens, provider?.inputAudioTokens) ?? inputTextTokens(basis);
  const inputImages = provider?.inputTokens === undefined ? sum(basis.context, imageTokens) : 0;
  const outputAudio = provider?.outputAudioTokens ?? spokenTokens(basis.outputAudioMs);
  const outputText = less(provider?.outputTokens, provider?.outputAudioTokens) ?? sum(basis.output, itemTokens);
  const cached = Math.min(provider?.cachedInputTokens ?? 0, inputText);
  return totalOf({ inputText, inputAudio, inputImages, cached, outputText, outputAudio });
}

export interface TokenCounts {
  readonly inputText: number;
  readonly inputAudio: number;
  readonly inputImages: number;
  /** Of the input text. */
  readonly cached: number;
  readonly outputText: number;
  readonly outputAudio: number;
}

const NONE: TokenCounts = {
  inputText: 0,
  inputAudio: 0,
  inputImages: 0,
  cached: 0,
  outputText: 0,
  outputAudio: 0,
};

/** As the protocol tells it; what is not named is nothing. */
export function totalOf(counts: Partial<TokenCounts>): ResponseUsage {
  const { inputText, inputAudio, inputImages, cached, outputText, outputAudio } = { ...NONE, ...counts };
  return {
    total_tokens: inputText + inputAudio + inputImages + outputText + outputAudio,
    input_tokens: inputText + inputAudio + inputImages,
    output_tokens: outputText + outputAudio,
    input_token_details: {
      text_tokens: inputText,
      audio_tokens: inputAudio,
      image_tokens: inputImages,
      cached_tokens: cached,
      cached_tokens_details: { text_tokens: cached, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: outputText, audio_tokens: outputAudio },
  };
}

/** What is left of all tokens without those of sound. */
function less(all: number | undefined, sound = 0): number | undefined {
  return all === undefined ? undefined : Math.max(0, all - sound);
}

export function heardTokens(ms: number): number {
  return Math.ceil(ms / INPUT_MS_PER_TOKEN);
}

export function spokenTokens(ms: number): number {
  return Math.ceil(ms / OUTPUT_MS_PER_TOKEN);
}

function inputTextTokens(basis: UsageBasis): number {
  return fixedTokens(basis) + sum(basis.context, (entry) => itemTokens(entry.item));
}

/** What every response of a session pays for before the first word: counted once, as long as it stays the same. */
export function fixedTokens({ instructions, tools }: Pick<UsageBasis, "instructions" | "tools">): number {
  return sum([instructions, ...tools.map((tool) => JSON.stringify(tool))], (text) => {
    const known = fixed.get(text);
    if (known !== undefined) return known;
    const tokens = countTokens(text);
    if (fixed.size >= MAX_FIXED) fixed.clear();
    if (isExact()) fixed.set(text, tokens);
    return tokens;
  });
}

/** Instructions and tools of late: sessions of one app mostly share them. */
const fixed = new Map<string, number>();
const MAX_FIXED = 64;

/** What an item weighs in a model's context: its words, its sound and its pictures. */
export function entryTokens(entry: Entry): number {
  return itemTokens(entry.item) + audioTokens(entry) + imageTokens(entry);
}

/** Of one image: a small one, and one of the usual four tiles. */
const IMAGE_TOKENS = { low: 85, auto: 765, high: 765 } as const;

function imageTokens({ item }: Entry): number {
  if (item.type !== "message" || item.role !== "user") return 0;
  return sum(item.content, (part) => (part.type === "input_image" ? IMAGE_TOKENS[part.detail ?? "auto"] : 0));
}

function audioTokens(entry: Entry): number {
  return sum([...entry.clips.values()], (clip) => heardTokens(clip.durationMs));
}

const counted = new WeakMap<Item, number>();

/** Counted once per item, since every response counts the whole conversation again. */
function itemTokens(item: Item): number {
  const known = counted.get(item);
  if (known !== undefined) return known;
  const tokens = countTokens(textOf(item));
  if (isExact()) counted.set(item, tokens);
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

type TranscriptUsage = ServerEventOf<"conversation.item.input_audio_transcription.completed">["usage"];

/** Of a transcript, in tokens: by the official rates where seconds were counted. */
export function usageOfTranscript(usage: TranscriptUsage | undefined, text: string): ResponseUsage {
  if (usage?.type !== "tokens")
    return totalOf({ inputAudio: heardTokens((usage?.seconds ?? 0) * 1000), outputText: countTokens(text) });
  const { text_tokens: inputText = 0, audio_tokens: inputAudio = usage.input_tokens - inputText } =
    usage.input_token_details ?? {};
  return totalOf({ inputText, inputAudio, outputText: usage.output_tokens });
}
