import type { ChatCompletionContentPart, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { KeptSound, PromptItem, PromptPart } from "../../realtime/engine/types";

type Message = Extract<PromptItem, { type: "message" }>;
type ToolCall = Extract<PromptItem, { type: "tool-call" }>;
type Assistant = Extract<ChatCompletionMessageParam, { role: "assistant" }>;

/** How sound is told to an endpoint that takes any. */
export interface Sounds {
  /** Undefined: its words are told. */
  soundOf(part: PromptPart): ChatCompletionContentPart | undefined;
  /** What the endpoint calls a reply that it keeps; undefined: its words are told. */
  idOf(sound: KeptSound): string | undefined;
}

const IN_WORDS: Sounds = { soundOf: () => undefined, idOf: () => undefined };
const NO_RESULT = "(no result yet)";

/**
 * A conversation as chat messages that any endpoint takes: each group of tool calls is followed at once by all its
 * results (a placeholder where there is none), results without a call are left out, and so is what is empty.
 */
export function chatMessages(
  instructions: string,
  items: readonly PromptItem[],
  sounds: Sounds = IN_WORDS,
): ChatCompletionMessageParam[] {
  const messages: ChatCompletionMessageParam[] = [];
  if (!isBlank(instructions)) messages.push({ role: "system", content: instructions });
  const results = new Map<string, string>();
  for (const item of items) if (item.type === "tool-result") results.set(item.callId, item.output);

  const called = new Set<string>();
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item.type === "message") {
      messages.push(...message(item, sounds));
    } else if (item.type === "tool-call") {
      const group = adjacentCalls(items, at);
      at += group.length - 1;
      const fresh = group.filter(({ callId }) => !called.has(callId) && called.add(callId));
      if (fresh.length > 0) messages.push(...toolTurn(takeAssistant(messages), fresh, results));
    }
  }
  return messages;
}

function adjacentCalls(items: readonly PromptItem[], from: number): ToolCall[] {
  const group: ToolCall[] = [];
  for (const item of items.slice(from)) {
    if (item.type !== "tool-call") break;
    group.push(item);
  }
  return group;
}

/** What the assistant said right before its calls belongs into one message with them: some endpoints insist on turns. */
function takeAssistant(messages: ChatCompletionMessageParam[]): Assistant {
  const last = messages.at(-1);
  if (last?.role !== "assistant" || last.tool_calls) return { role: "assistant", content: null };
  messages.pop();
  return last;
}

function toolTurn(
  assistant: Assistant,
  calls: readonly ToolCall[],
  results: ReadonlyMap<string, string>,
): ChatCompletionMessageParam[] {
  const toolCalls = calls.map((call) => ({
    id: call.callId,
    type: "function" as const,
    function: { name: call.name, arguments: jsonObject(call.arguments) },
  }));
  const answers = calls.map(({ callId }) => ({
    role: "tool" as const,
    tool_call_id: callId,
    content: results.get(callId) ?? NO_RESULT,
  }));
  return [{ ...assistant, tool_calls: toolCalls }, ...answers];
}

function message({ role, content }: Message, sounds: Sounds): ChatCompletionMessageParam[] {
  if (role === "user" && content.some((part) => part.type === "image" || sounds.soundOf(part) !== undefined)) {
    const parts = content.flatMap((part) => contentPart(part, sounds));
    return [{ role, content: parts }];
  }
  const id = role === "assistant" ? keptId(content, sounds) : undefined;
  if (id !== undefined) return [{ role: "assistant", audio: { id } }];
  const text = content
    .map(words)
    .filter((words) => !isBlank(words))
    .join("\n");
  return text === "" ? [] : [{ role, content: text }];
}

/** Of a message that is one reply's sound, and nothing else. */
function keptId([part, ...more]: readonly PromptPart[], { idOf }: Sounds): string | undefined {
  return part?.type === "text" && part.kept !== undefined && more.length === 0 ? idOf(part.kept) : undefined;
}

function contentPart(part: PromptPart, { soundOf }: Sounds): ChatCompletionContentPart[] {
  const sound = soundOf(part);
  if (sound !== undefined) return [sound];
  if (part.type === "image") return [{ type: "image_url", image_url: { url: part.url, detail: part.detail } }];
  const text = words(part);
  return isBlank(text) ? [] : [{ type: "text", text }];
}

function words(part: PromptPart): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "audio":
      return part.transcript ?? "";
    case "image":
      return "";
    default:
      return part satisfies never;
  }
}

/** Some endpoints parse the arguments of old calls and fail on what an interruption has cut off. */
function jsonObject(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? json : "{}";
  } catch {
    return "{}";
  }
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
