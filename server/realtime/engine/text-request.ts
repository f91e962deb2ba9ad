/** What a language model is asked for words alone: nothing is spoken, and no tool is at hand. */
import type { Engine, ReplyRequest } from "./types";

type Asked = Pick<
  ReplyRequest,
  "sessionId" | "responseId" | "model" | "instructions" | "items" | "maxOutputTokens" | "signal"
>;

export function textRequest(engine: Engine, asked: Asked): ReplyRequest {
  return {
    ...asked,
    tools: [],
    toolChoice: "none",
    parallelToolCalls: undefined,
    reasoningEffort: undefined,
    modality: "text",
    voice: engine.defaultVoice,
    speed: 1,
  };
}
