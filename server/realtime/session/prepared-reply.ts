/** A reply that is begun before its turn is known to be over: held back, and good only if nothing has changed since. */
import type { ReplyEvent } from "../engine/types";
import { durationMs } from "../audio/pcm";
import { newId } from "../protocol/ids";
import type { Item } from "../protocol/items";
import type { ResponseUsage } from "../protocol/responses";
import type { SessionConfig } from "../protocol/session-config";
import type { SessionContext } from "./context";
import type { Given } from "./context-window";
import { Held } from "./held";
import type { ResponseSettings } from "./settings";
import { usageOf } from "./usage";

export interface PreparedReply {
  /** The response's id to be. */
  readonly id: string;
  /** What it answers: words that turn out to be others need another answer. Null: the sound itself. */
  readonly words: string | null;
  readonly settings: ResponseSettings;
  readonly events: AsyncIterable<ReplyEvent>;
  readonly abort: AbortController;
  /** Still true: the same configuration, and nothing new in the conversation but the turn itself. */
  fits(): boolean;
  drop(): void;
  /** What it has cost so far. */
  usage(): ResponseUsage;
}

export interface ReplyBasis {
  readonly settings: ResponseSettings;
  /** What of the conversation fits, the turn included. */
  readonly given: Given;
  readonly words: string | null;
}

/** Speech held back at most, besides its first clause: the rest can be made while that is heard. */
const HELD_AUDIO_MS = 3_000;
const HELD_LETTERS = 2_000;

export function prepareReply(context: SessionContext, { settings, given, words }: ReplyBasis): PreparedReply {
  const id = newId("resp");
  const abort = new AbortController();
  const config: SessionConfig = context.config();
  const revision = context.conversation.revision;
  const seen = { clauses: 0, audioMs: 0, words: "" };
  const { items } = given;
  const request = { ...settings.request, sessionId: context.sessionId, responseId: id, items, signal: abort.signal };
  const events = new Held(context.engine.respond(request), {
    enough: (event) => {
      if (event.type === "speech") {
        if (event.joins !== true) seen.clauses += 1;
        seen.words += event.text;
      }
      if (event.type === "text") seen.words += event.text;
      if (event.type === "audio") seen.audioMs += durationMs(event.audio.samples.length, event.audio.sampleRate);
      return seen.clauses > 1 || seen.audioMs > HELD_AUDIO_MS || seen.words.length > HELD_LETTERS;
    },
  });
  return {
    id,
    words,
    settings,
    events,
    abort,
    fits: () => config === context.config() && revision + 1 === context.conversation.revision && !events.failed,
    drop: () => abort.abort(),
    usage: () =>
      usageOf({
        instructions: settings.request.instructions,
        tools: settings.request.tools,
        context: given.entries,
        output: [spoken(id, seen.words)],
        outputAudioMs: seen.audioMs,
        provider: undefined,
      }),
  };
}

function spoken(id: string, text: string): Item {
  return {
    id,
    object: "realtime.item",
    type: "message",
    role: "assistant",
    status: "incomplete",
    content: [{ type: "output_text", text }],
  };
}
