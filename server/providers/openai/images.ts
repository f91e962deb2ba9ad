/** Models that cannot see: what their endpoints say to a picture, and how a conversation with one in it goes on. */
import { EngineError } from "../../realtime/engine/errors";
import { withoutImages } from "../../realtime/engine/prompt";
import type { PromptItem } from "../../realtime/engine/types";
import type { Connection } from "./endpoint";
import { detail, explain } from "./failures";

/** There is no code for it, only words: of OpenAI, vLLM, llama.cpp, Ollama, DeepSeek and Groq, among others. */
const BLIND = [
  /\b(?:images?|vision|multi-?modal|image_url)\b[^.]*\b(?:not|only|un)\s?(?:be )?(?:supported|enabled|available|allowed)/i,
  /\b(?:not|n't|cannot|no)\b[^.]*\b(?:support|accept|handle|process|allow)[^.]*\b(?:images?|vision|multi-?modal)\b/i,
  /\bnot a (?:vision|multi-?modal)|mmproj|missing data required for image|unknown variant .?image_url/i,
  /\bcontent\b.{0,20}\b(?:must|should) be a(?: valid)? string/i,
];
/** … and these speak of the picture, not of the model. */
const BAD_PICTURE =
  /unsupported image|image (?:format|type|url|size)|invalid (?:image|base64|url)|too large|download|decod/i;
const STATUSES = new Set([400, 404, 415, 422, 500, 501]);

/** What is known of the eyes of one endpoint's model. */
export class Sight {
  #blind: string | undefined;

  /**
   * What the model is asked: once it is known to be blind, words in place of older pictures. Throws for one in the newest
   * message, since that asks about it.
   */
  items(items: readonly PromptItem[], connection: Connection): readonly PromptItem[] {
    if (this.#blind === undefined) return items;
    const newest = items.findLast((item) => item.type === "message" && item.role === "user");
    if (newest !== undefined && hasImage(newest)) throw unseen(connection, this.#blind);
    return withoutImages(items);
  }

  /** The error itself, or a clearer one where it says that the model cannot see. */
  judge(error: unknown, items: readonly PromptItem[], connection: Connection): unknown {
    if (!(error instanceof connection.sdk.APIError)) return error;
    const said = detail(connection, error);
    const blind = STATUSES.has(error.status ?? 0) && items.some(hasImage) && saysBlind(said);
    if (!blind) return error;
    this.#blind = said;
    return unseen(connection, said, error);
  }
}

function saysBlind(said: string): boolean {
  return !BAD_PICTURE.test(said) && BLIND.some((words) => words.test(said));
}

function hasImage(item: PromptItem): boolean {
  return item.type === "message" && item.content.some(({ type }) => type === "image");
}

function unseen({ model }: Connection, said: string, cause?: unknown): EngineError {
  const message = `The model "${model}" cannot see pictures${explain(said)}`;
  return new EngineError({ stage: "llm", code: "images_not_supported", message, cause });
}
