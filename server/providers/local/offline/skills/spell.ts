import type { Skill } from "../skill";

const ASKED =
  /^(?:(?:spell|spelled|spelling)(?: out)?|how (?:do|would|can|should) (?:you|i|we|one) spell|(?:what is|what are) the (?:spelling|letters) of)(?: the)?(?: (?:word|name|words))?\s+(?<what>.+)$/;
const HOW_IS = /^how is (?:the (?:word|name) )?(?<what>.+) (?:spelled|spelt|written)$/;
const MOST_LETTERS = 60;

/** `spell banana`, `how do you spell window`. */
export const spell: Skill = ({ core }) => {
  const what = (ASKED.exec(core) ?? HOW_IS.exec(core))?.groups?.what?.replace(/ (?:to|for) me$/, "");
  if (what === undefined) return undefined;
  const words = what.split(" ").map((word) => [...word.toUpperCase()].filter((each) => /[\p{L}\p{N}]/u.test(each)));
  if (words.flat().length > MOST_LETTERS) return `That is too long to spell; I take ${MOST_LETTERS} letters at most.`;
  const spelled = words.filter((letters) => letters.length > 0).map((letters) => `${letters.join(", ")}.`);
  return spelled.length > 0 ? spelled.join(" ") : undefined;
};
