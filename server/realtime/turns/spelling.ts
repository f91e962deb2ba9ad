/** Things that come piece by piece: telephone numbers, codes, e-mail addresses, spelled names, street addresses, dates. */
import { DONE, LEANING_DONE, LEANING_OPEN, OPEN, SURELY_OPEN } from "./evidence";

const UNITS = /^(zero|oh|o|one|two|three|four|five|six|seven|eight|nine)$/;
const TEENS = /^(ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen)$/;
const TENS = /^(twen|thir|for|fif|six|seven|eigh|nine)ty$/;
const SCALES = /^(hundred|thousand|million|billion)$/;
const REPEATS = /^(double|triple)$/;
const NUMERAL = /^[+#]?\d[\d.:\-]*$/;
const JOINTS = /^(dash|hyphen|plus|slash|dot|point|underscore)$/;
const STREETS = /^(street|road|avenue|lane|drive|boulevard|square|court|place|way|st|rd|ave)$/;
const MONTHS = /^(january|february|march|april|may|june|july|august|september|october|november|december)$/;
const TOP_LEVEL = /^(com|org|net|edu|gov|io|co|uk|de|fr|es|it|eu|us|ca|au|info|me|app|dev|ai)$/;
/** Letters that are no spelling: "six p m", "the t v". */
const ABBREVIATIONS = /^(a m|p m|t v|u s|u k|o k|i d|d j|u s a|d v d|c d)$/;

/** What kind of number is under way, by the words before it, and how many digits make it whole. */
const KINDS: readonly { readonly named: RegExp; readonly whole: readonly number[] }[] = [
  { named: /\b(card|visa|mastercard)\b/, whole: [15, 16] },
  { named: /\b(zip|postal|post) ?code\b|\bpostcode\b/, whole: [5, 9] },
  { named: /\bpin\b/, whole: [4, 6] },
  {
    named: /\b(phone|cell|mobile|telephone|fax)\b|\b(call|reach|text|dial|ring) \w+( back)? (at|on)\b/,
    whole: [10, 11, 12],
  },
];
/** Numbers of no known length. */
const CODES =
  /\b(code|order|account|confirmation|reservation|booking|reference|invoice|tracking|policy|member\w*|serial|id)\b/;
const LONG_CODE = 8;
const SHORT_CODE = 5;

/** Log-odds that the speaker is done, or undefined when nothing is being spelled or counted out. */
export function judgeSpelling(words: readonly string[]): number | undefined {
  if (words.length === 0) return undefined;
  return judgeMail(words) ?? judgeLetters(words) ?? judgeDigits(words) ?? judgeStreet(words) ?? judgeDate(words);
}

// ---------------------------------------------------------------- e-mail and web addresses

function judgeMail(words: readonly string[]): number | undefined {
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (/@.+\.\p{L}{2,}$/u.test(last) || (before === "dot" && TOP_LEVEL.test(last))) return DONE;
  if (/@|_$/.test(last) || (/^(dot|underscore|dash|hyphen|slash)$/.test(last) && words.length > 1)) return SURELY_OPEN;
  const text = words.join(" ");
  const rest = /\b(?:e-?mail(?: address)?|mail address|website|web address)(?: \w+)? (?:is|it's|at) (.+)$/.exec(
    text,
  )?.[1];
  if (rest === undefined) return undefined;
  return /\bdot \w+/.test(rest) && / at /.test(` ${rest} `) ? LEANING_OPEN : OPEN;
}

// ---------------------------------------------------------------- letters

/** "S M I", "S-M-I", "N as in Nancy": names have any length, so it is never sure. */
function judgeLetters(words: readonly string[]): number | undefined {
  const spells = words.some((word) => /^(spell|spelled|spelt|spelling)$/.test(word));
  if (words.length >= 4 && words.at(-3) === "as" && words.at(-2) === "in" && words.at(-4)?.length === 1) return -1.5;
  const run = tail(words, (word) => /^[a-z]$/.test(word) || /^(?:[a-z]-)+[a-z]$/.test(word));
  const letters = run.join(" ").replaceAll("-", " ");
  if (letters === "" || ABBREVIATIONS.test(letters)) return undefined;
  const count = letters.split(" ").length;
  if (count < 2 && !spells) return undefined;
  return count < 4 ? OPEN : spells ? -1.2 : LEANING_OPEN;
}

// ---------------------------------------------------------------- digits

function judgeDigits(words: readonly string[]): number | undefined {
  const last = words.at(-1) ?? "";
  if (REPEATS.test(last)) return words.length > 1 && isNumber(words.at(-2) ?? "") ? SURELY_OPEN : undefined;
  const run = tail(words, (word) => isNumber(word) || REPEATS.test(word) || JOINTS.test(word) || word === "area");
  if (!run.some(isNumber)) return undefined;
  if (/^(plus|dash|hyphen|point)$/.test(last)) return SURELY_OPEN;
  const context = words.slice(0, words.length - run.length);
  if (context.at(-1) === "the" && TENS.test(last)) return OPEN;
  const count = digitsIn(run);
  const before = context.join(" ");
  const kind = KINDS.find(({ named }) => named.test(before));
  if (kind !== undefined) return ofKnownLength(count, kind.whole);
  if (CODES.test(before)) return count < SHORT_CODE ? OPEN : count < LONG_CODE ? -0.7 : 0.5;
  if (/\bnumber is\b/.test(before) || isCountedOut(run)) return ofKnownLength(count, [10, 11, 12]);
  return quantity(context, run);
}

function ofKnownLength(count: number, whole: readonly number[]): number {
  if (whole.includes(count)) return DONE;
  return count < Math.min(...whole) ? -3 : 0;
}

/** Digit by digit, or in numerals with gaps: nobody counts like that. */
function isCountedOut(run: readonly string[]): boolean {
  const single = run.filter((word) => UNITS.test(word) || /^\d{3,}/.test(word));
  return (
    (single.length >= 3 && single.length === run.length) ||
    (run.length >= 2 && run.every((word) => /^\d{3,4}$/.test(word)))
  );
}

function quantity(context: readonly string[], run: readonly string[]): number | undefined {
  const before = context.at(-1) ?? "";
  const text = context.join(" ");
  if (/\b(address is|live at|lives at|living at|located at|deliver (it )?to|ship (it )?to)$/.test(text)) return OPEN;
  if (run.includes("plus") || /^(plus|minus|times|by)$/.test(before)) return LEANING_DONE;
  if (run.length === 1 && run[0] === "one") {
    return /^(at|is|by|until|till|number|for|from)$/.test(before) ? LEANING_DONE : before === "and" ? OPEN : undefined;
  }
  if (MONTHS.test(before)) return DONE;
  if (
    /^(at|by|until|till|before|after|past|to|around|room|gate|channel|number|platform|terminal|page|version|line)$/.test(
      before,
    )
  )
    return run.length > 1 ? 1.5 : 0.7;
  if (/^(for|is|of|in)$/.test(before)) return 0.4;
  return SCALES.test(run.at(-1) ?? "") ? LEANING_OPEN : -0.7;
}

/** How many digits somebody writes down who hears this. */
function digitsIn(run: readonly string[]): number {
  let count = 0;
  let factor = 1;
  for (const [index, word] of run.entries()) {
    if (REPEATS.test(word)) factor = word === "double" ? 2 : 3;
    else {
      if (UNITS.test(word)) count += TENS.test(run[index - 1] ?? "") ? 0 : factor;
      else if (TEENS.test(word) || TENS.test(word)) count += 2;
      else if (word === "hundred") count += 2;
      else if (word === "thousand") count += 3;
      else if (NUMERAL.test(word)) count += word.replace(/\D/g, "").length * factor;
      factor = 1;
    }
  }
  return count;
}

const isNumber = (word: string): boolean =>
  UNITS.test(word) || TEENS.test(word) || TENS.test(word) || SCALES.test(word) || NUMERAL.test(word);

// ---------------------------------------------------------------- streets and dates

/** After the street come the flat and the city, perhaps. */
function judgeStreet(words: readonly string[]): number | undefined {
  const last = words.at(-1) ?? "";
  const text = words.join(" ");
  if (/^(apartment|flat|suite|unit)$/.test(last)) return SURELY_OPEN;
  if (!/\b(address is|live at|live on|lives at|located at|deliver (it )?to|ship (it )?to)\b/.test(text))
    return undefined;
  if (STREETS.test(last)) return -0.7;
  return words.some((word) => STREETS.test(word))
    ? undefined
    : /\b(is|at|to|on) \w+( \w+)?$/.test(text)
      ? LEANING_OPEN
      : undefined;
}

/** "On March": which day? */
function judgeDate(words: readonly string[]): number | undefined {
  return words.at(-2) === "on" && MONTHS.test(words.at(-1) ?? "") ? OPEN : undefined;
}

/** The longest end of which every word fits. */
function tail(words: readonly string[], fits: (word: string) => boolean): readonly string[] {
  return words.slice(words.findLastIndex((word) => !fits(word)) + 1);
}
