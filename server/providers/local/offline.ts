import type { GenerateEvent, GenerateRequest, LanguageModel } from "../../realtime/engine/types";
import { HOW_TO_CONNECT } from "./offline/connect";
import { replyTo, type Call, type Surroundings } from "./offline/reply";

export interface OfflineOptions {
  /** The clock. Default: this machine's. */
  readonly now?: () => Date;
  /** How times and dates are said, a BCP 47 tag. Default `en-US`; the replies are English in any case. */
  readonly locale?: string;
  /** IANA name, for example `Europe/Paris`. Default: this machine's. */
  readonly timeZone?: string;
}

const ARGUMENT_CHARACTERS = 12;

/**
 * The built-in responder: a small program that needs no model, no key and no network. It greets, tells the time, repeats,
 * counts, spells, does sums, calls the session's tools when their name or description fits, and reads their results
 * aloud; to everything else it answers what it heard and how to connect a real model. It obeys the tool choice, the
 * limit of output tokens (a word counts as one) and the signal, and ignores the instructions.
 *
 * Throws a RangeError for a locale or time zone that does not exist.
 */
export function createOffline({
  now = () => new Date(),
  locale = "en-US",
  timeZone,
}: OfflineOptions = {}): LanguageModel {
  new Intl.DateTimeFormat(locale, { timeZone });
  return {
    name: "offline",
    local: true,
    // Pictures are taken so that the answer can be honest about them.
    capabilities: { tools: true, images: true },
    cannotTranslate: `The built-in responder knows English only and cannot translate. ${HOW_TO_CONNECT}`,
    generate: (request) => generate(request, { now: now(), locale, timeZone }),
  };
}

async function* generate(request: GenerateRequest, surroundings: Surroundings): AsyncGenerator<GenerateEvent> {
  request.signal.throwIfAborted();
  const { text, calls } = replyTo(request, surroundings);
  let left = request.maxOutputTokens ?? Infinity;
  for (const piece of text.match(/\s*\S+/g) ?? []) {
    if (--left < 0) return yield { type: "finish", reason: "length" };
    yield { type: "text", text: piece };
    request.signal.throwIfAborted();
  }
  for (const [index, call] of calls.entries()) {
    const events = callEvents(call, index);
    // A call is made whole or not at all: half of its arguments would be of no use.
    left -= events.length;
    if (left < 0) return yield { type: "finish", reason: "length" };
    for (const event of events) {
      yield event;
      request.signal.throwIfAborted();
    }
  }
  yield { type: "finish", reason: calls.length > 0 ? "tool_calls" : "stop" };
}

function callEvents(call: Call, index: number): GenerateEvent[] {
  const deltas = call.arguments.match(new RegExp(`.{1,${ARGUMENT_CHARACTERS}}`, "gsu")) ?? [];
  return [
    { type: "tool-call", index, name: call.name },
    ...deltas.map((delta) => ({ type: "tool-arguments" as const, index, delta })),
    { type: "tool-call-done", index },
  ];
}
