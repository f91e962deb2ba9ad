/** What is known of a response under way, and what its model is told. */
import type { UsageLease } from "../usage-gate";
import type { Given } from "./context-window";
import type { ResponseKeeper } from "./keeping";
import type { PreparedReply } from "./prepared-reply";
import type { ResponseState } from "./response";
import type { ResponseSettings } from "./settings";
import type { ResponseParams } from "./stored-prompts";
import type { Entry } from "./stored-items";

export interface LiveResponse {
  readonly id: string;
  readonly inConversation: boolean;
  readonly params: ResponseParams;
  settings: ResponseSettings;
  readonly context: readonly Entry[];
  /** Its context is an input of its own, not the conversation. */
  readonly apart: boolean;
  /** What of the context fits the model, once all its words are known. */
  given: Given | undefined;
  /** It answers a turn that cut a reply short: should the turn have no words, that reply goes on. */
  readonly resumes: boolean;
  readonly words: string | undefined;
  /** Begun ahead of time. */
  readonly ready: PreparedReply | undefined;
  readonly abort: AbortController;
  readonly keeper: ResponseKeeper;
  /** Room that was reserved for it, until it is known what it took. */
  lease: UsageLease | undefined;
  state: ResponseState;
  /** Somebody is at work on it. */
  asked: boolean;
  begun: boolean;
}

/** The instructions of a response; one that goes on after a noise is told so. */
export function instructionsOf({ resumes, settings }: LiveResponse, entries: readonly Entry[]): string {
  const { instructions } = settings.request;
  return resumes && transcriptOf(entries.at(-1))?.trim() === "" ? `${instructions}\n\n${GO_ON}` : instructions;
}

const GO_ON =
  "Your last reply was cut short by a noise, not by words. Go on from the last word that was heard, without repeating " +
  "anything and without mentioning the interruption.";

/** The words of a turn that was spoken. */
export function transcriptOf(entry: Entry | undefined): string | null {
  if (entry?.item.type !== "message") return null;
  const [part] = entry.item.content;
  return part?.type === "input_audio" ? part.transcript : null;
}
