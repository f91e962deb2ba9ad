import { endsInAbbreviation } from "./abbreviations";

export interface ClauseSplitter {
  /** Takes the next piece of a text; returns the clauses that are now sure to be whole (mostly none or one). */
  push(text: string): string[];
  /** The text is over: returns what is left. The splitter then starts afresh. */
  flush(): string[];
}

/** Words after which a comma, a colon or a dash may end a clause: few in the first one, so that speech begins soon. */
const FIRST_CLAUSE_WORDS = 4;
const LATER_CLAUSE_WORDS = 12;
/** Characters without an end in sight after which a clause is cut between two words … */
const LONG = 300;
/** … and after which even what looks like one word (an address, a blob) is cut. */
const TOO_LONG = 1000;

const SPACE = /\s/;
const LINE_END = /[\n\u2028\u2029]/;
const WORDLIKE = /[\p{L}\p{N}]/u;
const SENTENCE_END = /[\p{Sentence_Terminal}…]/u;
const PAUSE = /[,;:—，、；：،؛]/;
const DASH = /[-–]/;
/** Quotes, brackets and markdown marks that may stand between an end and the space after it. */
const CLOSER = /["'”’»›」』】》〉）)\]}*_~`]/;
/** Only these need a space after them to end anything: "3.14", "10:30", "a.b@c.de", "1,000". */
const NEEDS_SPACE = /[.!?…,;:–-]/;
/** "10—20", "5 - 3", "10：30": between two numbers these do not separate clauses. */
const BETWEEN_NUMBERS = /\d\s*[-–—:：，]\s*$/;
const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Words by spaces; of scripts without spaces, two characters count as one. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{1,2}|[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu;

/** A place where a clause may end, if what follows agrees. */
interface Mark {
  readonly kind: "sentence" | "pause";
  readonly needsSpace: boolean;
  spaced: boolean;
}

/**
 * Cuts a streamed text into clauses to be spoken. Joined, the clauses are the text, to the letter; and how the text was
 * chunked makes no difference, because every decision waits for the character after it.
 * `locale` (BCP 47, default: the process's own) tunes the sentence rules; a malformed one throws a RangeError.
 */
export function createClauseSplitter(locale?: string): ClauseSplitter {
  const sentences = segmenter("sentence", locale);
  let pending = "";
  let mark: Mark | undefined;
  let first = true;

  const cut = (at: number, into: string[]): void => {
    const clause = pending.slice(0, at);
    pending = pending.slice(at);
    mark = undefined;
    if (WORDLIKE.test(clause)) first = false;
    into.push(clause);
  };
  const step = (char: string, into: string[]): void => {
    if (mark && !continues(mark, char)) {
      const words = first ? FIRST_CLAUSE_WORDS : LATER_CLAUSE_WORDS;
      if (isEnd({ text: pending, next: char, mark, words }, sentences)) cut(pending.length, into);
      mark = undefined;
    }
    mark = nextMark(mark, char, pending);
    pending += char;
    if (LINE_END.test(char) && !isBlank(pending)) return cut(pending.length, into);
    if (pending.length >= LONG) {
      const at = longCut(pending, locale);
      if (at > 0) cut(at, into);
    }
  };
  return {
    push(text) {
      const clauses: string[] = [];
      for (let i = 0; i < text.length; i++) step(text[i]!, clauses);
      return clauses;
    },
    flush() {
      const clauses = pending === "" ? [] : [pending];
      pending = "";
      mark = undefined;
      first = true;
      return clauses;
    },
  };
}

/** Whether the place where a clause may end still goes on: "..", `."`, ".  ". */
function continues(mark: Mark, char: string): boolean {
  if (SPACE.test(char) || SENTENCE_END.test(char)) return true;
  return !mark.spaced && (CLOSER.test(char) || PAUSE.test(char));
}

function nextMark(mark: Mark | undefined, char: string, before: string): Mark | undefined {
  if (SPACE.test(char)) {
    if (mark) mark.spaced = true;
    return mark;
  }
  if (SENTENCE_END.test(char)) return { kind: "sentence", needsSpace: NEEDS_SPACE.test(char), spaced: false };
  const dash = DASH.test(char) && SPACE.test(before.at(-1) ?? "");
  if (dash || PAUSE.test(char)) return { kind: "pause", needsSpace: NEEDS_SPACE.test(char), spaced: false };
  return mark && CLOSER.test(char) ? mark : undefined;
}

interface Place {
  readonly text: string;
  readonly next: string;
  readonly mark: Mark;
  readonly words: number;
}

function isEnd({ text, next, mark, words }: Place, sentences: Intl.Segmenter): boolean {
  if (mark.needsSpace && !mark.spaced) return false;
  if (mark.kind === "pause") {
    if (BETWEEN_NUMBERS.test(text) && /\d/.test(next)) return false;
    return (text.match(WORDS)?.length ?? 0) >= words && !endsInAbbreviation(text.replace(/[,;:]\s*$/, ""), next);
  }
  if (endsInAbbreviation(text, next)) return false;
  // The segmenter takes neither markdown marks for closing quotes nor the ellipsis character for an end.
  const plain = text.replace(/[*_~`]/g, '"').replaceAll("…", ".");
  return sentences.segment(plain + next).containing(text.length)?.index === text.length;
}

/** Where to cut a clause that has become too long: after the last space, else between words; 0 for not yet. */
function longCut(text: string, locale: string | undefined): number {
  for (let at = text.length; at > 0; at--) {
    if (SPACE.test(text[at - 1]!) && !isBlank(text.slice(0, at))) return at;
  }
  if (text.length < TOO_LONG && !UNSPACED_SCRIPT.test(text)) return 0;
  const word = lastStart(segmenter("word", locale), text);
  if (word > 0 || text.length < TOO_LONG) return word;
  const character = lastStart(segmenter("grapheme", locale), text);
  if (character > 0) return character;
  return /[\uD800-\uDBFF]$/.test(text) ? 0 : text.length;
}

function lastStart(by: Intl.Segmenter, text: string): number {
  return by.segment(text).containing(text.length - 1)?.index ?? 0;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Segmenters are dear to make and hold no state, so all splitters share them. */
function segmenter(granularity: "sentence" | "word" | "grapheme", locale: string | undefined): Intl.Segmenter {
  const key = `${granularity} ${locale ?? ""}`;
  let shared = segmenters.get(key);
  if (!shared) {
    shared = new Intl.Segmenter(locale, { granularity });
    segmenters.set(key, shared);
  }
  return shared;
}
