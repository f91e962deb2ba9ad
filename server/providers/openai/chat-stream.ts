/** What chat completions answer, read as it comes. */
import type { ChatCompletion } from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { EngineError } from "../../realtime/engine/errors";
import type { FinishReason, GenerateEvent, ToolCallEvent } from "../../realtime/engine/types";
import type { EngineStage } from "../../realtime/engine/errors";
import { ToolCalls, type ToolCallDelta } from "./tool-calls";

/** What is read of a chunk; endpoints leave out more than the official type says. */
export interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly audio?: AudioDelta | null;
      readonly tool_calls?: readonly ToolCallDelta[] | null;
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: CompletionUsage | null;
  /** vLLM-Omni's: `audio` where the content is sound, in base64. */
  readonly modality?: string | null;
}

/** A piece of speech: words of it, sound in base64, or at its end how long it is kept. */
export interface AudioDelta {
  readonly id?: string | null;
  readonly data?: string | null;
  readonly transcript?: string | null;
  /** Seconds since 1970. */
  readonly expires_at?: number | null;
}

export type ChatEvent =
  | Extract<GenerateEvent, { type: "text" }>
  | ToolCallEvent
  | { readonly type: "audio-delta"; readonly delta: AudioDelta }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage: CompletionUsage | undefined };

/** The chunks of an answer; one that was not streamed comes in one piece. */
export function chunksOf({ response, data }: { response: Response; data: AsyncIterable<Chunk> }): AsyncIterable<Chunk> {
  const whole = response.headers.get("content-type")?.startsWith("application/json");
  return whole ? oneChunk(response) : data;
}

/** The answer of an endpoint that does not stream, as if it had streamed it in one piece. */
async function* oneChunk(response: Response): AsyncGenerator<Chunk, void> {
  const { choices, usage } = (await response.json()) as Partial<ChatCompletion>;
  yield { choices: choices?.map(({ message, finish_reason }) => ({ delta: message, finish_reason })), usage };
}

export async function* readChat(stream: AsyncIterable<Chunk>, stage: EngineStage): AsyncGenerator<ChatEvent> {
  const calls = new ToolCalls();
  let reason: string | undefined;
  let usage: CompletionUsage | undefined;
  for await (const chunk of stream) {
    if (chunk.usage) usage = chunk.usage;
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    reason = choice.finish_reason ?? reason;
    const { content, refusal, audio, tool_calls: deltas } = choice.delta ?? {};
    if (chunk.modality === "audio") {
      if (content) yield { type: "audio-delta", delta: { data: content } };
      continue;
    }
    for (const text of [content, refusal]) if (typeof text === "string" && text !== "") yield { type: "text", text };
    if (audio) yield { type: "audio-delta", delta: audio };
    for (const delta of deltas ?? []) yield* calls.push(delta);
  }
  if (reason === undefined) {
    const message = "The llm provider broke off before the end of its reply.";
    throw new EngineError({ stage, code: "incomplete", message, retryable: true });
  }
  yield* calls.end();
  yield { type: "finish", reason: finishReason(reason, calls.any), usage };
}

/** Some endpoints say "stop" after tool calls, or use names of their own. */
function finishReason(reason: string, calledTools: boolean): FinishReason {
  if (reason === "length" || reason === "max_tokens" || reason === "model_length") return "length";
  if (reason === "content_filter") return "content_filter";
  return calledTools ? "tool_calls" : "stop";
}
