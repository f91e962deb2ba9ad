import { readNumber } from "./numbers";
import { spokenNumber } from "./spoken-number";

/** A sum that was understood. */
export interface Expression {
  /** How it is said: `12 times 7`. */
  readonly said: string;
  /** Index of the first word after it. */
  readonly next: number;
  /** How many operations it holds; 0 for a mere number. */
  readonly operations: number;
  /** Throws `Impossible`, with a sentence that says why. */
  value(): number;
}

/** A sum without a result. Its message is the answer. */
export class Impossible extends Error {
  override readonly name = "Impossible";
}

export interface ExpressionReading {
  /** Whether `and` may be part of a number. */
  readonly joinAnd: boolean;
  /** Whether words that recognisers take for numbers and signs count as these. */
  readonly loose: boolean;
}

interface Infix {
  readonly words: readonly string[];
  readonly said: string;
  readonly rank: number;
  apply(a: number, b: number): number;
}

const plus = { said: "plus", rank: 1, apply: (a: number, b: number) => a + b };
const minus = { said: "minus", rank: 1, apply: (a: number, b: number) => a - b };
const times = { said: "times", rank: 2, apply: (a: number, b: number) => a * b };
const divided = { said: "divided by", rank: 2, apply: divide };
const power = { said: "to the power of", rank: 4, apply: (a: number, b: number) => raise(a, b) };

const phrases = (sign: Omit<Infix, "words">, ...said: string[]): Infix[] =>
  said.map((phrase) => ({ ...sign, words: phrase.split(" ") }));

const INFIXES: readonly Infix[] = [
  ...phrases(plus, "plus", "added to"),
  ...phrases(minus, "minus", "less", "take away"),
  ...phrases(times, "times", "multiplied by", "multiply by", "multiplied with"),
  ...phrases(divided, "divided by", "divided that by", "divide that by", "divide by", "over"),
  ...phrases(power, "to the power of", "to the power", "raised to the power of", "raised to"),
];
const LOOSE_INFIXES: readonly Infix[] = [
  ...INFIXES,
  ...phrases(plus, "class", "plush"),
  ...phrases(times, "time", "timed"),
];
const LOOSE_NUMBERS: Readonly<Record<string, number>> = {
  ...{ to: 2, too: 2, for: 4, fore: 4, a: 8, ate: 8, eh: 8, won: 1, tree: 3, sex: 6, sick: 6, nein: 9, tan: 10 },
};

/** `add 3 and 4`: a word that announces an operation on several numbers. */
interface Prefix {
  readonly words: readonly string[];
  readonly between: readonly string[];
  readonly sign: Omit<Infix, "words">;
  /** `subtract 3 from 10` names the second number first. */
  readonly reversed: boolean;
}

const prefix = (phrase: string, between: string, sign: Omit<Infix, "words">): Prefix => ({
  words: phrase.split(" "),
  between: between.split("|"),
  sign,
  reversed: between === "from",
});

const PREFIXES: readonly Prefix[] = [
  prefix("add", "and|to|plus", plus),
  prefix("the sum of", "and|plus", plus),
  prefix("sum of", "and|plus", plus),
  prefix("multiply", "by|and|with|times", times),
  prefix("the product of", "and|times", times),
  prefix("product of", "and|times", times),
  prefix("subtract", "from", minus),
  prefix("take", "from", minus),
  prefix("the difference between", "and", minus),
  prefix("difference between", "and", minus),
  prefix("divide", "by", divided),
];

/** Reads sums with their precedence: powers, then times and divided by, then plus and minus; brackets first. */
export class ExpressionReader {
  constructor(
    private readonly words: readonly string[],
    private readonly reading: ExpressionReading,
  ) {}

  /** The longest sum that begins at this word. */
  read(at: number, rank = 1): Expression | undefined {
    let left = this.operand(at);
    while (left) {
      const sign = this.phraseAt(this.reading.loose ? LOOSE_INFIXES : INFIXES, left.next);
      if (!sign || sign.rank < rank) return left;
      // A power binds to the right, everything else to the left.
      const right = this.read(left.next + sign.words.length, sign.rank === 4 ? 4 : sign.rank + 1);
      if (!right) return left;
      left = combined(sign, left, right);
    }
    return undefined;
  }

  private operand(at: number): Expression | undefined {
    const bare = this.bracketed(at) ?? this.announced(at) ?? this.signed(at) ?? this.root(at) ?? this.number(at);
    return bare && this.withEndings(bare);
  }

  private number(at: number): Expression | undefined {
    const strict = readNumber(this.words, at, this.reading);
    if (strict) return number(strict.value, strict.next);
    const word = this.words[at] ?? "";
    const loose = this.reading.loose && Object.hasOwn(LOOSE_NUMBERS, word) ? LOOSE_NUMBERS[word] : undefined;
    return loose === undefined ? undefined : number(loose, at + 1);
  }

  private bracketed(at: number): Expression | undefined {
    if (this.words[at] !== "(") return undefined;
    const inner = this.read(at + 1);
    if (!inner || this.words[inner.next] !== ")") return undefined;
    return { ...inner, said: inner.operations > 0 ? `(${inner.said})` : inner.said, next: inner.next + 1 };
  }

  private signed(at: number): Expression | undefined {
    if (this.words[at] !== "minus" && this.words[at] !== "negative") return undefined;
    const inner = this.read(at + 1, 4);
    return inner && { ...inner, said: `minus ${inner.said}`, value: () => -inner.value() };
  }

  private root(at: number): Expression | undefined {
    const start = this.words[at] === "the" ? at + 1 : at;
    if (!this.has(start, ["square", "root", "of"])) return undefined;
    const inner = this.read(start + 3, 4);
    if (!inner) return undefined;
    const value = (): number => {
      const square = inner.value();
      if (square < 0) throw new Impossible("A negative number has no real square root.");
      return Math.sqrt(square);
    };
    return { ...inner, said: `the square root of ${inner.said}`, operations: inner.operations + 1, value };
  }

  private announced(at: number): Expression | undefined {
    const announcing = this.phraseAt(PREFIXES, at);
    if (!announcing) return undefined;
    const numbers: Expression[] = [];
    for (let next = at + announcing.words.length; ;) {
      const read = this.read(next, numbers.length === 0 ? 4 : 2);
      if (!read) break;
      numbers.push(read);
      if (!announcing.between.includes(this.words[read.next] ?? "")) break;
      next = read.next + 1;
    }
    const [first, second, ...more] = numbers;
    if (!first || !second || (announcing.reversed && more.length > 0)) return undefined;
    if (announcing.reversed) return { ...combined(announcing.sign, second, first), next: second.next };
    return [second, ...more].reduce((left, right) => combined(announcing.sign, left, right), first);
  }

  private withEndings(inner: Expression): Expression {
    const word = this.words[inner.next];
    const operations = inner.operations + 1;
    if (word === "squared" || word === "cubed") {
      const exponent = word === "squared" ? 2 : 3;
      const value = (): number => raise(inner.value(), exponent);
      return this.withEndings({ said: `${inner.said} ${word}`, next: inner.next + 1, operations, value });
    }
    if (word !== "percent") return inner;
    const of = this.words[inner.next + 1] === "of" ? this.read(inner.next + 2, 4) : undefined;
    if (!of)
      return { said: `${inner.said} percent`, next: inner.next + 1, operations, value: () => inner.value() / 100 };
    const value = (): number => (inner.value() * of.value()) / 100;
    return {
      said: `${inner.said} percent of ${of.said}`,
      next: of.next,
      operations: operations + of.operations,
      value,
    };
  }

  private phraseAt<T extends { readonly words: readonly string[] }>(list: readonly T[], at: number): T | undefined {
    return list.find((each) => this.has(at, each.words));
  }

  private has(at: number, phrase: readonly string[]): boolean {
    return phrase.every((word, i) => this.words[at + i] === word);
  }
}

function number(value: number, next: number): Expression {
  return { said: spokenNumber(value), next, operations: 0, value: () => value };
}

function combined(sign: Omit<Infix, "words">, left: Expression, right: Expression): Expression {
  return {
    said: `${left.said} ${sign.said} ${right.said}`,
    next: right.next,
    operations: left.operations + right.operations + 1,
    value: () => sign.apply(left.value(), right.value()),
  };
}

function divide(a: number, b: number): number {
  if (b === 0) throw new Impossible("Nobody can divide by zero.");
  return a / b;
}

function raise(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw new Impossible("Nobody can divide by zero.");
  const value = base ** exponent;
  if (Number.isNaN(value)) throw new Impossible("That has no real result.");
  return value;
}
