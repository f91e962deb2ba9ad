import type { FunctionTool, GenerateEvent, GenerateRequest, PromptItem } from "../../../realtime/engine/types";
import { createOffline } from "../offline";

/** Saturday, at five past two in the afternoon. */
export const NOW = new Date("2026-11-21T14:05:00Z");

export const user = (text: string): PromptItem => ({
  type: "message",
  role: "user",
  content: [{ type: "text", text }],
});
export const assistant = (text: string): PromptItem => ({
  type: "message",
  role: "assistant",
  content: [{ type: "text", text }],
});
export const called = (name: string, callId: string, args = "{}"): PromptItem => ({
  type: "tool-call",
  callId,
  name,
  arguments: args,
});
export const result = (callId: string, output: unknown): PromptItem => ({
  type: "tool-result",
  callId,
  output: typeof output === "string" ? output : JSON.stringify(output),
});

/** A tool whose arguments are all required, unless `required` says which are. */
export function tool(
  name: string,
  properties: Record<string, unknown> = {},
  more: { readonly description?: string; readonly required?: readonly string[] } = {},
): FunctionTool {
  const { description, required = Object.keys(properties) } = more;
  return { name, description, parameters: { type: "object", properties, required } };
}

export type Asking = Partial<Omit<GenerateRequest, "items">>;

export function requestOf(items: readonly PromptItem[], asking: Asking = {}): GenerateRequest {
  return {
    sessionId: "sess_1",
    model: "antiphon",
    instructions: "",
    items,
    tools: [],
    toolChoice: "auto",
    parallelToolCalls: undefined,
    maxOutputTokens: undefined,
    reasoningEffort: undefined,
    signal: new AbortController().signal,
    ...asking,
  };
}

export async function eventsOf(items: readonly PromptItem[], asking?: Asking): Promise<GenerateEvent[]> {
  const llm = createOffline({ now: () => NOW, timeZone: "UTC" });
  const events: GenerateEvent[] = [];
  for await (const event of llm.generate(requestOf(items, asking))) events.push(event);
  return events;
}

export interface Answer {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly finish: string;
}

/** What came of one utterance, or of a whole conversation. */
export async function ask(said: string | readonly PromptItem[], asking?: Asking): Promise<Answer> {
  let text = "";
  let finish = "";
  const calls: { name: string; json: string }[] = [];
  for (const event of await eventsOf(typeof said === "string" ? [user(said)] : said, asking)) {
    if (event.type === "text") text += event.text;
    else if (event.type === "tool-call") calls[event.index] = { name: event.name, json: "" };
    else if (event.type === "tool-arguments") calls[event.index]!.json += event.delta;
    else if (event.type === "finish") finish = event.reason;
  }
  return { text, finish, calls: calls.map(({ name, json }) => ({ name, arguments: JSON.parse(json) as unknown })) };
}
