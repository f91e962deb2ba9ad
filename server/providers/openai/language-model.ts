import type { CompletionUsage } from "openai/resources/completions";
import type { LanguageModel, TokenUsage } from "../../realtime/engine/types";
import { chatBody, OPTIONAL, type ChatOptions, type Optional } from "./chat-request";
import { chunksOf, readChat } from "./chat-stream";
import { connector } from "./endpoint";
import { failure } from "./failures";
import { Sight } from "./images";
import { chatMessages } from "./messages";
import { Negotiation } from "./negotiation";

export interface OpenAILanguageModelOptions extends ChatOptions {
  /** What the model can do. Default: tools and images. */
  readonly capabilities?: LanguageModel["capabilities"];
}

/** A language model behind any endpoint with OpenAI's chat completions. Fails with EngineErrors of the stage `llm`. */
export function openaiLanguageModel(options: OpenAILanguageModelOptions): LanguageModel {
  const connect = connector("llm", options);
  const negotiation = new Negotiation<Optional>();
  const sight = new Sight();
  return {
    name: options.model,
    capabilities: options.capabilities ?? { tools: true, images: true },
    async *generate(request) {
      const { signal, instructions, items } = request;
      const connection = await connect();
      try {
        const messages = chatMessages(instructions, sight.items(items, connection));
        const ask = () => {
          const body = chatBody(options, { ...request, messages }, negotiation);
          return connection.client.chat.completions.create(body, { signal }).withResponse();
        };
        const answer = chunksOf(await negotiation.attempt(OPTIONAL, ask));
        for await (const event of readChat(answer, connection.stage)) {
          if (event.type === "finish") yield { ...event, usage: event.usage && tokenUsage(event.usage) };
          else if (event.type !== "audio-delta") yield event;
        }
        // The SDK ends an aborted stream as if it were complete.
        signal.throwIfAborted();
      } catch (error) {
        throw failure(connection, sight.judge(error, request.items, connection), signal);
      }
    },
  };
}

function tokenUsage(usage: CompletionUsage): TokenUsage {
  const cachedInputTokens = usage.prompt_tokens_details?.cached_tokens;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}
