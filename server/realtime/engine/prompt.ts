import type { ConverseRequest, SpeechModel } from "./speech-model";
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
    generate: (request) => llm.generate({ ...request, ...leftOut(request, llm.capabilities) }),
  };
}

export interface Hearing {
  readonly model: SpeechModel;
  /** Milliseconds of sound that are given as sound. */
  readonly soundMs: number;
  readonly signal: AbortSignal;
}

/** The request for a model that hears, as it can take it. */
export function spokenPrompt(request: ReplyRequest, { model, soundMs, signal }: Hearing): ConverseRequest {
  const { speed: _speed, responseId: _responseId, ...rest } = request;
  const { capabilities } = model;
  const fitting = { ...rest, signal, ...leftOut(rest, capabilities) };
  const modality = capabilities.speaks ? request.modality : "text";
  return { ...fitting, modality, items: latestSound(fitting.items, soundMs) };
}

/**
 * Sound of the newest messages stays, up to so many milliseconds, and that of the very newest whatever its length.
 * Before them words stand for it: a request that holds the sound of all that was ever said would grow without end.
 */
function latestSound(items: readonly PromptItem[], soundMs: number): readonly PromptItem[] {
  let left: number | undefined;
  const newestFirst = items.toReversed().map((item): PromptItem => {
    if (item.type !== "message" || !item.content.some(hasSound)) return item;
    const ms = item.content.reduce((sum, part) => sum + (hasSound(part) ? (part.durationMs ?? 0) : 0), 0);
    const fits = left === undefined || ms <= left;
    left = fits ? Math.max(0, (left ?? soundMs) - ms) : 0;
    return fits ? item : { ...item, content: item.content.map(hear) };
  });
  return mapParts(newestFirst.toReversed(), (part) => (hasSound(part) ? part : hear(part)));
}

type Fitting = Pick<GenerateRequest, "tools" | "toolChoice" | "items">;

/** What takes the place of that which a model cannot do. */
function leftOut(
  { items }: Pick<GenerateRequest, "items">,
  { tools, images }: LanguageModel["capabilities"],
): Partial<Fitting> {
  return {
    ...(!tools && { tools: [], toolChoice: "none" as const }),
    ...(!images && { items: withoutImages(items) }),
  };
}

/** For a model that cannot see: it is told that there is something. */
export function withoutImages(items: readonly PromptItem[]): readonly PromptItem[] {
  return mapParts(items, describe);
}

function mapParts(items: readonly PromptItem[], map: (part: PromptPart) => PromptPart): readonly PromptItem[] {
  return items.map((item) => (item.type === "message" ? { ...item, content: item.content.map(map) } : item));
}

type Sound = Extract<PromptPart, { type: "audio" }>;

function hasSound(part: PromptPart): part is Sound {
  return part.type === "audio" && part.audio !== undefined;
}

function hear(part: PromptPart): PromptPart {
  return part.type === "audio" ? { type: "text", text: part.transcript ?? UNHEARD } : part;
}

function describe(part: PromptPart): PromptPart {
  return part.type === "image" ? { type: "text", text: UNSEEN } : part;
}
