/** Numbers as people say and write them: `twenty one`, `a hundred and five`, `three point one four`, `12`, `2 million`. */

const UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS = [
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const BELOW_TWENTY = new Map([...UNITS, ...TEENS].map((word, value) => [word, value]));
const TENS_VALUES = new Map([...TENS.map((word, i) => [word, (i + 2) * 10] as const), ["fourty", 40] as const]);
const SCALES = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

export interface NumberRead {
  readonly value: number;
  /** Index of the first word after it. */
  readonly next: number;
}

export interface NumberReading {
  /** Whether `and` may be part of it, as in `a hundred and five`. Default true. */
  readonly joinAnd?: boolean;
}

/** The longest number that begins at this word; undefined when none does. Signs are not part of it. */
export function readNumber(words: readonly string[], at: number, reading: NumberReading = {}): NumberRead | undefined {
  const whole = words[at] === "point" ? { value: 0, next: at } : readWhole(words, at, reading.joinAnd ?? true);
  if (!whole || words[whole.next] !== "point") return whole;
  const digits = readDigits(words, whole.next + 1);
  if (!digits) return words[at] === "point" ? undefined : whole;
  return { value: Number(`${whole.value}.${digits.text}`), next: digits.next };
}

/** The number that all these words make together; undefined when they make none. */
export function wholeNumber(words: readonly string[]): number | undefined {
  const read = readNumber(words, 0);
  return read?.next === words.length ? read.value : undefined;
}

function readWhole(words: readonly string[], at: number, joinAnd: boolean): NumberRead | undefined {
  let total = 0;
  let next = at;
  let last = Infinity;
  for (;;) {
    const joined = next > at && words[next] === "and";
    const group = joined && !joinAnd ? undefined : readGroup(words, joined ? next + 1 : next, joinAnd);
    if (!group || (next > at && group.value >= last)) break;
    const scale = SCALES.get(words[group.next] ?? "");
    if (scale !== undefined && scale >= last) break;
    total += group.value * (scale ?? 1);
    next = group.next + (scale === undefined ? 0 : 1);
    if (scale === undefined) break;
    last = scale;
  }
  return next > at ? { value: total, next } : undefined;
}

/** Up to 999 in words (or `twelve hundred`), or any numeral. */
function readGroup(words: readonly string[], at: number, joinAnd: boolean): NumberRead | undefined {
  const word = words[at] ?? "";
  const following = words[at + 1] ?? "";
  if (word === "a" && SCALES.has(following)) return { value: 1, next: at + 1 };
  const small = word === "a" && following === "hundred" ? { value: 1, next: at + 1 } : readSmall(words, at);
  if (!small || words[small.next] !== "hundred") return small;
  const after = small.next + 1;
  const joined = words[after] === "and";
  const rest = joined && !joinAnd ? undefined : readSmall(words, joined ? after + 1 : after);
  const hundreds = { value: small.value * 100, next: after };
  if (!rest || rest.value >= 100) return hundreds;
  return { value: hundreds.value + rest.value, next: rest.next };
}

function readSmall(words: readonly string[], at: number): NumberRead | undefined {
  const word = words[at] ?? "";
  if (/^\d+(?:\.\d+)?$/.test(word)) return { value: Number(word), next: at + 1 };
  const below = BELOW_TWENTY.get(word);
  if (below !== undefined) return { value: below, next: at + 1 };
  const tens = TENS_VALUES.get(word);
  if (tens === undefined) return undefined;
  const unit = BELOW_TWENTY.get(words[at + 1] ?? "");
  return unit && unit < 10 ? { value: tens + unit, next: at + 2 } : { value: tens, next: at + 1 };
}

function readDigits(
  words: readonly string[],
  at: number,
): { readonly text: string; readonly next: number } | undefined {
  let text = "";
  let next = at;
  for (; next < words.length; next++) {
    const word = words[next]!;
    const value = word === "oh" ? 0 : BELOW_TWENTY.get(word);
    if (/^\d+$/.test(word)) text += word;
    else if (value !== undefined) text += value;
    else break;
  }
  return text === "" ? undefined : { text, next };
}
