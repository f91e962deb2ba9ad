/** What a voice does in an engine, whoever thinks. */
import { givenWords } from "./generation";
import { DEFAULT_TIMEOUTS, readStage, type StreamTimeouts } from "./read-stage";
import { createSpeakable } from "./speakable";
import { spokenReply } from "./spoken-reply";
import type { GenerateEvent, ReplyEvent, ReplyRequest, SpeakRequest, TextToSpeech } from "./types";

export interface VoicingOptions {
  /**
   * Makes, for each reply, the function that says how a clause is spoken ("" for not at all); the transcript keeps the
   * model's own words. Default: takes off markdown, code blocks and emoji.
   */
  readonly speak?: () => (clause: string) => string;
  /** BCP 47 tag of the language that is mostly spoken; tunes where clauses end. Default: the process's own. */
  readonly locale?: string;
}

export interface Voice extends VoicingOptions {
  readonly tts: TextToSpeech;
  readonly timeouts: Partial<StreamTimeouts> | undefined;
}

export type Voiced = Pick<ReplyRequest | SpeakRequest, "modality" | "voice" | "speed">;

/** The words of a generation with their sound, or alone where nobody asked for sound. */
export function voiced(
  { tts, timeouts, speak = createSpeakable, locale }: Voice,
  { modality, voice, speed }: Voiced,
  { generation, signal }: { readonly generation: AsyncIterable<GenerateEvent>; readonly signal: AbortSignal },
): AsyncIterable<ReplyEvent> {
  if (modality === "text") return generation;
  const synthesize = (text: string) =>
    readStage({
      stage: "tts",
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
      signal,
      open: (own) => tts.synthesize({ text, voice, speed, signal: own }),
    });
  return spokenReply({ generation, synthesize, speakable: speak(), locale, signal });
}

/** Words that are known already, said. */
export function spokenWords(voice: Voice, { text, ...asked }: Voiced & { readonly text: string }, signal: AbortSignal) {
  return voiced(voice, asked, { generation: givenWords(text), signal });
}
