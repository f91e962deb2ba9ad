import { clipped, sentence } from "../sentences";
import type { Skill } from "../skill";
import { matches } from "./matches";

const YOURS = [
  /^what (?:did|have|had) i (?:just |last |only )?(?:say|said|set|tell you|told you|ask|asked|ask you|asked you)(?: (?:just now|before|last|to you))?$/,
  /^(?:repeat|say) what i (?:have )?(?:just )?said$/,
  /^what (?:was|is) my last (?:question|sentence|message|request)$/,
];
const MINE = [
  /^what (?:did|have) you (?:just )?(?:say|said|set)(?: (?:just now|before|last))?$/,
  /^(?:say|repeat) (?:(?:that|it|this)(?: again| once more)?|your last (?:answer|sentence)|what you (?:have )?(?:just )?said|again)$/,
  /^(?:repeat|again|once more|come again|pardon(?: me)?|what was (?:that|your last answer))$/,
];
const MOST_CHARACTERS = 400;

/** `what did I say`, `say that again`: it keeps nothing of its own, but the conversation is there to be read. */
export const memory: Skill = ({ core }, { earlier, lastSaid }) => {
  if (matches(YOURS, core)) {
    const last = earlier.at(-1);
    if (last === undefined) return "That was the first thing you said.";
    return `You said: ${sentence(clipped(last, MOST_CHARACTERS))}`;
  }
  if (!matches(MINE, core)) return undefined;
  return lastSaid === undefined ? "I have not said anything yet." : clipped(lastSaid, MOST_CHARACTERS);
};
