import { clipped, sentence } from "../sentences";
import type { Skill } from "../skill";

const BEFORE = /^(?:[\s"'“”,]+|(?:please|now|ok|okay|hey|so|um|uh|just|(?:can|could|would|will) you|i want you to)\b)/i;
const ASKED = /^(?:repeat|say)\b(?<what>.*)$/is;
/** What belongs to the request, not to the words that are wanted. */
const HOW =
  /^[\s:,–—-]*(?:after me|exactly|(?:the|this|these|the following|following) (?:words?|sentence|phrase|following))\b/i;
const SIGNS = /^[\s:,–—-]+/;
const POLITE_END = /[\s,]+(?:please|for me|thank you)(?<stop>[.!?]?)$/i;
const NOTHING_NAMED = /^(?:something|anything|it|this|that)?$/;
const MOST_CHARACTERS = 500;

/** `say good morning`, `repeat after me: …`. The words keep their capitals and stops. */
export const repeat: Skill = ({ text }) => {
  const asked = ASKED.exec(without(BEFORE, text.slice(0, 2 * MOST_CHARACTERS)))?.groups?.what;
  if (asked === undefined) return undefined;
  const words = unquoted(without(HOW, asked).replace(SIGNS, "")).replace(POLITE_END, "$<stop>").trim();
  if (NOTHING_NAMED.test(words.replace(/[.!?]$/, "").toLowerCase()))
    return 'Begin with "say", and I repeat what follows.';
  return /[\p{L}\p{N}]/u.test(words) ? sentence(clipped(words, MOST_CHARACTERS)) : undefined;
};

function without(pattern: RegExp, text: string): string {
  let rest = text;
  while (pattern.test(rest)) rest = rest.replace(pattern, "");
  return rest;
}

function unquoted(text: string): string {
  return /^["'“‘«](?<inside>.*)["'”’»][.!?]?$/su.exec(text.trim())?.groups?.inside ?? text;
}
