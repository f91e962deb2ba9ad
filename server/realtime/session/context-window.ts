/** What of a conversation a model is given: all that fits, and in the place of the rest, perhaps, a summary. */
import type { Engine, FunctionTool, PromptItem } from "../engine/types";
import { errors } from "../protocol/errors";
import type { TruncationConfig } from "../protocol/session-config";
import { toPrompt } from "./prompt";
import type { Entry } from "./stored-items";
import { fitContext, type Room, type Weighed } from "./truncation";
import { entryTokens, fixedTokens } from "./usage";

/** As the official realtime models have it. */
export const DEFAULT_CONTEXT_TOKENS = 32_768;
/** Kept free for an answer whose length nobody limited. */
const OUTPUT_TOKENS = 4_096;

/** Tokens that may go in, so that an answer of `output` tokens still fits. */
export function inputWindow({ contextTokens = DEFAULT_CONTEXT_TOKENS }: Engine, output = OUTPUT_TOKENS): number {
  return contextTokens - Math.min(output, Math.floor(contextTokens / 2));
}

export interface WindowBasis {
  readonly engine: Engine;
  readonly truncation: TruncationConfig;
  readonly instructions: string;
  readonly tools: readonly FunctionTool[];
  readonly maxOutputTokens: number | undefined;
  /** Of what was dropped; null: there is none. */
  readonly summary: string | null;
  /** What was left out before. */
  readonly dropped: ReadonlySet<string>;
}

/** What one response is given. */
export interface Given {
  readonly entries: readonly Entry[];
  readonly items: readonly PromptItem[];
  readonly dropped: ReadonlySet<string>;
  /** Tokens that a conversation may have here. */
  readonly limit: number;
}

/** @throws ProtocolError when not even what must be given fits. */
export function chooseContext(entries: readonly Entry[], basis: WindowBasis): Given {
  const summary = basis.truncation !== "disabled" && basis.dropped.size > 0 ? toSummary(basis.summary) : [];
  const most = inputWindow(basis.engine, basis.maxOutputTokens);
  const fixed = fixedTokens({
    instructions: [basis.instructions, ...summary.map(({ text }) => text)].join("\n"),
    tools: basis.tools,
  });
  const room = roomFor(basis.truncation, most - fixed);
  const weighed = entries.map(weigh);
  const fit = fitContext(weighed, room, basis.truncation === "disabled" ? new Set() : basis.dropped);
  if (!fit.fits) throw errors.contextLengthExceeded(fixed + fit.tokens, most);
  const kept = fit.dropped.size === 0 ? entries : entries.filter(({ item }) => !fit.dropped.has(item.id));
  const items = [...summary.map(({ item }) => item), ...toPrompt(kept)];
  return { entries: kept, items, dropped: fit.dropped, limit: room.limit };
}

function roomFor(truncation: TruncationConfig, window: number): Room {
  if (truncation === "disabled") return { window, limit: Infinity, retain: Infinity };
  if (truncation === "auto") return { window, limit: window, retain: window };
  const limit = Math.max(0, Math.min(window, truncation.token_limits?.post_instructions ?? window));
  return { window, limit, retain: Math.floor(limit * truncation.retention_ratio) };
}

function toSummary(summary: string | null): { readonly text: string; readonly item: PromptItem }[] {
  if (summary === null) return [];
  const text = `Summary of the earlier conversation:\n${summary}`;
  return [{ text, item: { type: "message", role: "system", content: [{ type: "text", text }] } }];
}

function weigh(entry: Entry): Weighed {
  const { item } = entry;
  const base = { id: item.id, tokens: entryTokens(entry) };
  if (item.type === "function_call") return { ...base, kind: "call", callId: item.call_id };
  if (item.type === "function_call_output") return { ...base, kind: "output", callId: item.call_id };
  return { ...base, kind: item.type === "message" && item.role === "user" ? "user" : "other" };
}
