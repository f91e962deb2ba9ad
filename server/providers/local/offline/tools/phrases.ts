import { readNumber } from "../numbers";
import type { Request } from "./request";
import { isUnit } from "./units";
import { contentStems, isGeneric, isStopword, stem } from "./vocabulary";

/** What a text argument stands for, told by its name, and which words lead to it. */
export interface TextKind {
  readonly names: RegExp;
  readonly after: readonly string[];
  /** Goes on to the end of the request, not only to the next preposition. */
  readonly toTheEnd?: boolean;
  /** Written with capitals, which recognisers do not give. */
  readonly proper?: boolean;
  /** What stands for it when nothing was said: the whole request, or `unknown`. */
  readonly whole?: boolean;
}

/** In the order in which they take their words. */
export const TEXT_KINDS: readonly TextKind[] = [
  { names: /\b(?:id|code|number|reference|sku)\b/, after: [] },
  { names: /\b(?:language|lang|locale)\b/, after: ["into", "to", "in"], proper: true },
  { names: /^from\b|\borigin\b|\bsource\b|\bdeparture\b/, after: ["from"], proper: true },
  { names: /\b(?:artist|author|composer|band)\b/, after: ["by", "from", "of"], proper: true },
  { names: /\broom\b|\barea\b|\bzone\b/, after: ["in", "of", "for"] },
  {
    names: /\b(?:location|city|place|town|country|region|address|where|state|venue)\b/,
    after: ["in", "at", "for", "near", "around", "of", "to", "from"],
    proper: true,
  },
  {
    names: /^to\b|\b(?:destination|recipient|arrival|contact|person|receiver|whom|who|phone)\b/,
    after: ["to", "with", "for"],
    proper: true,
  },
  { names: /\b(?:date|day|when|time)\b/, after: ["on", "at", "for"] },
  { names: /\b(?:list|project|folder|category|playlist|calendar)\b/, after: ["to", "on", "in", "from"] },
  { names: /\b(?:name|title|label)\b/, after: ["called", "named", "titled"], proper: true },
  {
    names: /\b(?:message|text|body|content|note|comment|reason|reminder|task|todo|description|subject)\b/,
    after: ["saying", "says", "say", "that", "about", "to"],
    toTheEnd: true,
    whole: true,
  },
  {
    names: /\b(?:query|search|question|topic|term|keywords?|q|prompt|input|command|expression|request)\b/,
    after: ["for", "about", "on", "of"],
    toTheEnd: true,
    whole: true,
  },
];
export const OTHER_TEXT: TextKind = { names: /^/, after: ["called", "named"], whole: true };

const PREPOSITIONS = new Set(
  "in at for near around of to from on by with about into called named titled saying says that and please as".split(
    " ",
  ),
);
const TIMES = new Set("today tomorrow tonight yesterday now".split(" "));
const ARTICLES = new Set("the a an my our your some this that me us".split(" "));

/** The words behind the first of the kind's prepositions that has any, but not those that say what the tool does. */
export function phraseAfter(request: Request, kind: TextKind, toolWords: string): string | undefined {
  const naming = new Set(contentStems(toolWords));
  // `I want to order a taxi to the station`: the first leads to no place.
  const isInfinitive = (i: number): boolean =>
    request.lower[i] === "to" && naming.has(stem(request.lower[i + 1] ?? ""));
  for (const preposition of kind.after) {
    for (const [i, word] of request.lower.entries()) {
      if (word !== preposition || !request.isFree(i) || isInfinitive(i)) continue;
      const phrase = phraseAt(request, i + 1, kind.toTheEnd ?? false);
      if (phrase !== undefined) return phrase;
    }
  }
  return undefined;
}

/** The first run of words that nothing else took and that do not merely name the tool. */
export function remainder(request: Request, toolWords: string): string | undefined {
  const naming = new Set(contentStems(toolWords));
  const isContent = (word: string): boolean =>
    !isStopword(word) && !naming.has(stem(word)) && !isGeneric(stem(word)) && !TIMES.has(word);
  const goesOn = (word: string): boolean =>
    word === "and" || !(PREPOSITIONS.has(word) || TIMES.has(word) || naming.has(stem(word)));
  for (const [i, word] of request.lower.entries()) {
    if (!request.isFree(i) || !isContent(word)) continue;
    let end = i + 1;
    while (request.isFree(end) && goesOn(request.lower[end]!)) end++;
    return request.take(i, end);
  }
  return undefined;
}

function phraseAt(request: Request, at: number, toTheEnd: boolean): string | undefined {
  let from = at;
  while (request.isFree(from) && ARTICLES.has(request.lower[from]!)) from++;
  let end = from;
  const ends = (word: string): boolean => !toTheEnd && (PREPOSITIONS.has(word) || TIMES.has(word));
  while (request.isFree(end) && !ends(request.lower[end]!)) end++;
  // `for five minutes` names no place and no person.
  const isAmount = !toTheEnd && (readNumber(request.lower, from) !== undefined || isUnit(request.lower[from] ?? ""));
  return end > from && !isAmount ? request.take(from, end) : undefined;
}

/** `new york` is `New York`; what has capitals already stays as it is. */
export function withCapitals(text: string): string {
  if (text !== text.toLowerCase()) return text;
  return text.replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase());
}
