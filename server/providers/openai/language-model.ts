import type { ChatCompletion, ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { EngineError } from "../../realtime/engine/errors";
import type {
  FinishReason,
  FunctionTool,
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  TokenUsage,
  ToolChoice,
} from "../../realtime/engine/types";
import { connector, isOfficial, type Connection, type OpenAIEndpoint } from "./endpoint";
import { failure } from "./failures";
import { chatMessages } from "./messages";
import { Negotiation } from "./negotiation";
import { ToolCalls, type ToolCallDelta } from "./tool-calls";

export interface OpenAILanguageModelOptions extends OpenAIEndpoint {
  /** What the model can do. Default: tools and images. */
  readonly capabilities?: LanguageModel["capabilities"];
  /** More of the request's body, for example `{ temperature: 0.6 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const OPTIONAL = [
  "stream_options",
  "parallel_tool_calls",
  "reasoning_effort",
  "temperature",
  "max_completion_tokens",
  "max_tokens",
] as const;
type Optional = (typeof OPTIONAL)[number];

/** A language model behind any endpoint with OpenAI's chat completions. Fails with EngineErrors of the stage `llm`. */
export function openaiLanguageModel(options: OpenAILanguageModelOptions): LanguageModel {
  const connect = connector("llm", options);
  const negotiation = new Negotiation<Optional>();
  return {
    name: options.model,
    capabilities: options.capabilities ?? { tools: true, images: true },
    async *generate(request) {
      const { signal } = request;
      const connection = await connect();
      try {
        const { response, data } = await negotiation.attempt(OPTIONAL, () =>
          connection.client.chat.completions.create(body(options, request, negotiation), { signal }).withResponse(),
        );
        const whole = response.headers.get("content-type")?.startsWith("application/json");
        yield* read(whole ? oneChunk(response) : data, connection);
        // The SDK ends an aborted stream as if it were complete.
        signal.throwIfAborted();
      } catch (error) {
        throw failure(connection, error, signal);
      }
    },
  };
}

function body(
  options: OpenAILanguageModelOptions,
  request: GenerateRequest,
  negotiation: Negotiation<Optional>,
): ChatCompletionCreateParamsStreaming {
  const { reasoningEffort, parallelToolCalls, temperature, tools } = request;
  return {
    ...options.parameters,
    model: options.model,
    messages: chatMessages(request.instructions, request.items),
    stream: true,
    ...(!negotiation.refuses("stream_options") && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map(functionTool), tool_choice: toolChoice(request.toolChoice) }),
    ...(tools.length > 0 &&
      parallelToolCalls !== undefined &&
      !negotiation.refuses("parallel_tool_calls") && { parallel_tool_calls: parallelToolCalls }),
    ...(temperature !== undefined && !negotiation.refuses("temperature") && { temperature }),
    ...(reasoningEffort !== undefined &&
      !negotiation.refuses("reasoning_effort") && {
        reasoning_effort: reasoningEffort as ChatCompletionCreateParamsStreaming["reasoning_effort"],
      }),
    ...(request.maxOutputTokens !== undefined && { [limitName(options, negotiation)]: request.maxOutputTokens }),
  };
}

/** OpenAI's newer models know only the new name, most imitators only the old one. */
function limitName(
  options: OpenAIEndpoint,
  negotiation: Negotiation<Optional>,
): "max_completion_tokens" | "max_tokens" {
  if (negotiation.refuses("max_tokens")) return "max_completion_tokens";
  return isOfficial(options) && !negotiation.refuses("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
}

function functionTool({ name, description, parameters, strict }: FunctionTool) {
  const schema = { ...(parameters ?? { type: "object", properties: {} }) };
  return {
    type: "function" as const,
    function: { name, ...(description && { description }), parameters: schema, ...(strict && { strict }) },
  };
}

function toolChoice(choice: ToolChoice) {
  return typeof choice === "string" ? choice : { type: "function" as const, function: { name: choice.name } };
}

/** What is read of a chunk; endpoints leave out more than the official type says. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly tool_calls?: readonly ToolCallDelta[] | null;
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: CompletionUsage | null;
}

/** The answer of an endpoint that does not stream, as if it had streamed it in one piece. */
async function* oneChunk(response: Response): AsyncGenerator<Chunk, void> {
  const { choices, usage } = (await response.json()) as Partial<ChatCompletion>;
  yield { choices: choices?.map(({ message, finish_reason }) => ({ delta: message, finish_reason })), usage };
}

async function* read(stream: AsyncIterable<Chunk>, { stage }: Connection): AsyncGenerator<GenerateEvent> {
  const calls = new ToolCalls();
  let reason: string | undefined;
  let usage: TokenUsage | undefined;
  for await (const chunk of stream) {
    if (chunk.usage) usage = tokenUsage(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    const { content, refusal, tool_calls: deltas } = choice.delta ?? {};
    for (const text of [content, refusal]) if (typeof text === "string" && text !== "") yield { type: "text", text };
    for (const delta of deltas ?? []) yield* calls.push(delta);
    reason = choice.finish_reason ?? reason;
  }
  if (reason === undefined) {
    const message = "The llm provider broke off before the end of its reply.";
    throw new EngineError({ stage, code: "incomplete", message, retryable: true });
  }
  yield* calls.end();
  yield { type: "finish", reason: finishReason(reason, calls.any), ...(usage && { usage }) };
}

function tokenUsage(usage: CompletionUsage): TokenUsage {
  const cachedInputTokens = usage.prompt_tokens_details?.cached_tokens;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}

/** Some endpoints say "stop" after tool calls, or use names of their own. */
function finishReason(reason: string, calledTools: boolean): FinishReason {
  if (reason === "length" || reason === "max_tokens" || reason === "model_length") return "length";
  if (reason === "content_filter") return "content_filter";
  return calledTools ? "tool_calls" : "stop";
}
