import { readNumber } from "../numbers";
import { plainWords } from "../utterance";
import { isUnit } from "./units";

export interface SpokenNumber {
  readonly value: number;
  /** The word before and the words after it, for telling several numbers apart. */
  readonly before: string | undefined;
  readonly after: readonly string[];
}

/** The words of one request, from which arguments are taken; what one argument took is gone for the next. */
export class Request {
  /** As written, without the marks around them. */
  readonly words: readonly string[];
  /** The same in lower case. */
  readonly lower: readonly string[];
  /** With numerals, contractions and signs as words. */
  readonly plain: readonly string[];
  readonly #taken = new Set<number>();
  readonly #quotes: string[];
  readonly #numbers: SpokenNumber[];

  constructor(
    readonly text: string,
    readonly now: Date,
  ) {
    this.words = text.split(/\s+/).flatMap((word) => bare(word) || []);
    this.lower = this.words.map((word) => word.toLowerCase());
    this.plain = plainWords(text);
    this.#quotes = [...text.matchAll(/["“”«]([^"“”«»]+)["“”»]/gu)].map((match) => match[1]!.trim());
    this.#numbers = numbersIn(this.plain);
  }

  quote(): string | undefined {
    return this.#quotes.shift();
  }

  /** The first number that is still there and fits; it is taken. */
  number(fits: (number: SpokenNumber) => boolean): SpokenNumber | undefined {
    const at = this.#numbers.findIndex(fits);
    return at < 0 ? undefined : this.#numbers.splice(at, 1)[0];
  }

  /** The first word that is still there and fits, as written; it is taken. */
  word(fits: (lower: string) => boolean): string | undefined {
    const at = this.lower.findIndex((word, i) => !this.#taken.has(i) && fits(word));
    if (at < 0) return undefined;
    this.#taken.add(at);
    return this.words[at];
  }

  isFree(at: number): boolean {
    return at < this.words.length && !this.#taken.has(at);
  }

  /** These words as written; they are taken. */
  take(from: number, to: number): string {
    for (let i = from; i < to; i++) this.#taken.add(i);
    return this.words.slice(from, to).join(" ");
  }
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}#@$€£+-]+|[^\p{L}\p{N}%+]+$/gu, "");
}

/** `an hour`, `half an hour`. */
function amountAt(words: readonly string[], at: number): SpokenNumber | undefined {
  const next = words[at + 1] ?? "";
  if (!/^an?$/.test(words[at]!) || !isUnit(next)) return undefined;
  return { value: words[at - 1] === "half" ? 0.5 : 1, before: words[at - 1], after: [next] };
}

function numbersIn(words: readonly string[]): SpokenNumber[] {
  const numbers: SpokenNumber[] = [];
  for (let i = 0; i < words.length;) {
    const read = readNumber(words, i);
    if (read) {
      const negative = words[i - 1] === "minus" || words[i - 1] === "negative";
      const value = negative ? -read.value : read.value;
      numbers.push({ value, before: words[i - 1], after: words.slice(read.next, read.next + 2) });
    }
    const amount = read ? undefined : amountAt(words, i);
    if (amount) numbers.push(amount);
    i = read ? read.next : i + 1;
  }
  return numbers;
}
