/** The body of a request to chat completions, and what endpoints may not know of it. */
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import type { FunctionTool, GenerateRequest, ToolChoice } from "../../realtime/engine/types";
import { isOfficial, type OpenAIEndpoint } from "./endpoint";
import type { Negotiation } from "./negotiation";

export interface ChatOptions extends OpenAIEndpoint {
  /** More of the request's body, for example `{ temperature: 0.6 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export const OPTIONAL = [
  "stream_options",
  "parallel_tool_calls",
  "reasoning_effort",
  "temperature",
  "max_completion_tokens",
  "max_tokens",
] as const;
export type Optional = (typeof OPTIONAL)[number];

export type Asked = Pick<
  GenerateRequest,
  "reasoningEffort" | "parallelToolCalls" | "temperature" | "tools" | "toolChoice" | "maxOutputTokens"
>;

export function chatBody(
  options: ChatOptions,
  { messages, ...request }: Asked & { readonly messages: ChatCompletionMessageParam[] },
  negotiation: Negotiation<Optional>,
): ChatCompletionCreateParamsStreaming {
  const { reasoningEffort, parallelToolCalls, temperature, tools } = request;
  return {
    ...options.parameters,
    model: options.model,
    messages,
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
