import { ExpressionReader, Impossible, type Expression } from "../expressions";
import type { Skill } from "../skill";
import { spokenNumber } from "../spoken-number";
import { sentence } from "../sentences";

const BEFORE = new Set(
  "what how much many one and so is was are does do would be calculate compute work out solve evaluate the result value answer of to equals sum it".split(
    " ",
  ),
);
const AFTER = new Set(
  "equals equal is make makes what how much be come please you the answer result together".split(" "),
);
const FURTHEST_START = 6;
/** Bounds how deep brackets can nest. */
const MOST_WORDS = 100;

const READINGS = [false, true].flatMap((loose) => [true, false].map((joinAnd) => ({ loose, joinAnd })));

/** Sums in words and digits: `what is twelve times seven`, `(2+3)*4`, `add 3 and 4`, `ten percent of 200`. */
export const sums: Skill = ({ words }) => {
  if (words.length > MOST_WORDS) return undefined;
  for (const reading of READINGS) {
    const reader = new ExpressionReader(words, reading);
    for (let start = 0; start < words.length && start <= FURTHEST_START; start++) {
      const found = reader.read(start);
      if (found && found.operations > 0 && isRest(words.slice(found.next), reading.loose)) return answer(found);
      if (!BEFORE.has(words[start]!)) break;
    }
  }
  return undefined;
};

function isRest(words: readonly string[], loose: boolean): boolean {
  return words.filter((word) => !AFTER.has(word)).length <= (loose ? 1 : 0);
}

function answer(expression: Expression): string {
  try {
    const value = expression.value();
    if (!Number.isFinite(value)) return "That number is too large for me.";
    return sentence(`${expression.said} is ${spokenNumber(value)}`);
  } catch (error) {
    if (error instanceof Impossible) return error.message;
    throw error;
  }
}
