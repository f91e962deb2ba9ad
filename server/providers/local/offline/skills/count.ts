import { wholeNumber } from "../numbers";
import type { Skill } from "../skill";
import { spokenNumber } from "../spoken-number";

/** `count`, and what recognisers hear in its place: those count only when a range follows. */
const COUNT = /^(?<verb>count(?:ed|ing|s)?|come|came|calm|kind|got|down|content|counter|cow)(?<rest>(?: .*)?)$/;
const STEP = /^(?<before>.*?) ?(?:(?:by|bike|in|with) (?:steps of )?)(?<step>[a-z0-9 ]+?)(?: (?:and|each|at a time))?$/;
const UNTIL = new Set(["to", "two", "too", "2", "until", "till", "through", "thru", "of", "up"]);
const MOST_NUMBERS = 100;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** `count to five`, `count from 3 to 10`, `count down from ten`, `count to twenty by twos`. */
export const count: Skill = ({ core }) => {
  const { verb, rest } = COUNT.exec(core)?.groups ?? {};
  if (verb === undefined || rest === undefined) return undefined;
  if (rest === "" && verb === "count") return spoken({ from: 1, to: 10, step: 1 });
  const range = rangeOf(verb === "content" ? `down ${rest.trim()}` : rest.trim());
  return range && spoken(range);
};

function rangeOf(rest: string): Range | undefined {
  const stepped = STEP.exec(rest)?.groups;
  const step = stepped && stepOf(stepped.step!);
  // Nobody counts by twos from one.
  const first = step ?? 1;
  const down = /(?:^| )(?:down|backwards?)(?: |$)/.test(rest);
  const words = (step === undefined ? rest : stepped!.before!)
    .replace(/(?:^| )(?:down|backwards?|out loud|aloud|slowly|up(?= (?:to|from)))(?= |$)/g, "")
    .trim()
    .split(" ");
  const ends = words[0] === "from" ? fromTo(words.slice(1), down) : upTo(words, { down, first });
  return ends && Number.isSafeInteger(ends.from) && Number.isSafeInteger(ends.to)
    ? { ...ends, step: first }
    : undefined;
}

/** The word between may be heard as a number (`from three two ten`), so every place for it is tried. */
function fromTo(words: readonly string[], down: boolean): Omit<Range, "step"> | undefined {
  for (const [i, word] of words.entries()) {
    if (!UNTIL.has(word)) continue;
    const from = wholeNumber(words.slice(0, i));
    const to = wholeNumber(words.slice(i + 1));
    if (from !== undefined && to !== undefined) return { from, to };
  }
  const only = wholeNumber(words);
  if (only === undefined) return undefined;
  return down ? { from: only, to: Math.min(1, only) } : { from: only, to: only + 9 };
}

function upTo(
  words: readonly string[],
  { down, first }: { readonly down: boolean; readonly first: number },
): Omit<Range, "step"> | undefined {
  const named = words.length > 1 && UNTIL.has(words[0]!) ? words.slice(words[1] === "to" ? 2 : 1) : words;
  const to = wholeNumber(named) ?? wholeNumber(words);
  if (to !== undefined) return down ? { from: 10, to } : { from: Math.min(first, to), to };
  return fromTo(words, down);
}

/** `twos` is 2, `fives` is 5. */
function stepOf(words: string): number | undefined {
  const read =
    wholeNumber(words.split(" ")) ??
    wholeNumber(
      words
        .replace(/s$/, "")
        .replace(/^sixe$/, "six")
        .split(" "),
    );
  return read !== undefined && Number.isInteger(read) && read > 0 ? read : undefined;
}

function spoken({ from, to, step }: Range): string {
  const steps = Math.floor(Math.abs(to - from) / step);
  const direction = to < from ? -step : step;
  const length = Math.min(steps + 1, MOST_NUMBERS);
  const numbers = Array.from({ length }, (_, i) => spokenNumber(from + i * direction));
  const end = steps + 1 > MOST_NUMBERS ? ` I stop here: ${MOST_NUMBERS} numbers at a time are enough.` : "";
  return `${numbers.join(", ")}.${end}`;
}
