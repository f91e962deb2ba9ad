/** A model that hears, and may speak: given what was said as sound, it answers without a recogniser between. */
import type { Pcm } from "../audio/pcm";
import type { GenerateEvent, KeptSound, LanguageModel, ReplyRequest } from "./types";

/** A language model that is given the sound of what was said. */
export interface SpeechModel {
  readonly name: string;
  /** Runs on this machine and costs nothing. Default: false. */
  readonly local?: boolean;
  readonly capabilities: LanguageModel["capabilities"] & {
    /** Answers with sound of its own. Otherwise it answers in words, and a voice is needed beside it. */
    readonly speaks: boolean;
  };
  /** Tokens that its context holds, its answer included. Undefined: the engine's default. */
  readonly contextTokens?: number;
  /** Undefined: any name is passed on. Of no account where it does not speak. */
  readonly voices: readonly string[] | undefined;
  readonly defaultVoice: string;
  converse(request: ConverseRequest): AsyncIterable<SpeechModelEvent>;
  close?(): Promise<void>;
}

/** Speech in `items` has its audio, or else its words; `modality` is never "audio" where the model does not speak. */
export type ConverseRequest = Omit<ReplyRequest, "responseId" | "speed">;

/**
 * With `modality: "audio"`: `audio` as it is made, and its words as `speech`, in pieces of any size, sooner or later. A
 * model that writes instead sends `text`: said by its audio if any follows, else by another voice or not at all. `kept`
 * comes after the audio, if it can be given back later in place of its words. `finish` last, exactly once.
 */
export type SpeechModelEvent =
  | GenerateEvent
  | { readonly type: "speech"; readonly text: string }
  | { readonly type: "audio"; readonly audio: Pcm }
  | { readonly type: "kept"; readonly sound: KeptSound };
