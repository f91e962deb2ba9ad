import type { GenerateRequest, LanguageModel, PromptItem, PromptPart, ReplyRequest } from "./types";

/** What stands in a prompt for speech that nobody could transcribe. */
export const UNHEARD = "(speech that could not be transcribed)";
const UNSEEN = "(an image, which you cannot see)";

/** The request for a language model that reads: every piece of speech is replaced by its words. */
export function textPrompt(request: ReplyRequest, signal: AbortSignal): GenerateRequest {
  const { modality: _modality, voice: _voice, speed: _speed, responseId: _responseId, ...rest } = request;
  return { ...rest, items: mapParts(request.items, hear), signal };
}

/** The model itself when it can do everything; otherwise one that is not asked for what it cannot do. */
export function fitModel(llm: LanguageModel): LanguageModel {
  const { tools, images } = llm.capabilities;
  if (tools && images) return llm;
  return {
    name: llm.name,
    capabilities: llm.capabilities,
    contextTokens: llm.contextTokens,
    cannotTranslate: llm.cannotTranslate,
    generate: (request) =>
      llm.generate({
        ...request,
        ...(!tools && { tools: [], toolChoice: "none" as const }),
        ...(!images && { items: mapParts(request.items, describe) }),
      }),
  };
}

function mapParts(items: readonly PromptItem[], map: (part: PromptPart) => PromptPart): readonly PromptItem[] {
  return items.map((item) => (item.type === "message" ? { ...item, content: item.content.map(map) } : item));
}

function hear(part: PromptPart): PromptPart {
  return part.type === "audio" ? { type: "text", text: part.transcript ?? UNHEARD } : part;
}

function describe(part: PromptPart): PromptPart {
  return part.type === "image" ? { type: "text", text: UNSEEN } : part;
}
