import { UNHEARD } from "../../../realtime/engine/prompt";
import type { PromptItem, PromptPart } from "../../../realtime/engine/types";
import { HOW_TO_CONNECT } from "./connect";

/** What a conversation asks for now. */
export interface Turn {
  /** The words of the newest user message; undefined when the user has sent nothing yet. */
  readonly heard: string | undefined;
  /** Something was spoken that nobody could transcribe. */
  readonly unheard: boolean;
  /** Pictures in the user's messages since the last answer. */
  readonly images: number;
  /** What the user said before, oldest first. */
  readonly earlier: readonly string[];
  readonly lastSaid: string | undefined;
  /** Outputs of tools that no answer has used yet. */
  readonly results: readonly ToolResult[];
  /** Names of tools that were called since then and have not answered. */
  readonly pending: readonly string[];
  /** Whether the way to a real model was told before. */
  readonly introduced: boolean;
}

export interface ToolResult {
  /** Undefined when the call itself is no longer in the conversation. */
  readonly name: string | undefined;
  readonly output: string;
}

type Message = Extract<PromptItem, { type: "message" }>;

export function turnOf(items: readonly PromptItem[]): Turn {
  const messages = items.filter((item): item is Message => item.type === "message" && item.role !== "system");
  const said = messages.filter(({ role }) => role === "assistant").map(wordsOf);
  const asked = messages.filter(({ role }) => role === "user");
  const newest = asked.at(-1);
  const words = asked.map(wordsOf);
  const sinceAnswer = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  return {
    heard: words.at(-1),
    unheard: newest !== undefined && newest.content.some(isUnheard),
    images: sinceAnswer.flatMap(({ content }) => content).filter(({ type }) => type === "image").length,
    earlier: words.slice(0, -1).filter((each) => each !== ""),
    lastSaid: said.findLast((each) => each !== ""),
    introduced: said.some((each) => each.includes(HOW_TO_CONNECT.slice(0, 40))),
    ...toolsOf(items),
  };
}

/** Only what came after the newest message: a call or a result before it belongs to an earlier turn. */
function toolsOf(items: readonly PromptItem[]): Pick<Turn, "results" | "pending"> {
  const names = new Map<string, string>();
  for (const item of items) if (item.type === "tool-call") names.set(item.callId, item.name);
  const newestMessage = items.findLastIndex((item) => item.type === "message" && item.role !== "system");
  const recent = items.slice(newestMessage + 1);
  const results = recent.flatMap((item) => (item.type === "tool-result" ? [item] : []));
  const answered = new Set(results.map(({ callId }) => callId));
  return {
    results: results.map(({ callId, output }) => ({ name: names.get(callId), output })),
    pending: recent.flatMap((item) => (item.type === "tool-call" && !answered.has(item.callId) ? [item.name] : [])),
  };
}

function wordsOf({ content }: Message): string {
  return content.map(wordsOfPart).join(" ").trim();
}

function wordsOfPart(part: PromptPart): string {
  switch (part.type) {
    case "text":
      return part.text === UNHEARD ? "" : part.text;
    case "audio":
      return part.transcript ?? "";
    case "image":
      return "";
    default:
      return part satisfies never;
  }
}

function isUnheard(part: PromptPart): boolean {
  return part.type === "text" ? part.text === UNHEARD : part.type === "audio" && part.transcript === null;
}
