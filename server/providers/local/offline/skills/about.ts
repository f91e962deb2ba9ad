import { HOW_TO_CONNECT } from "../connect";
import { listed } from "../sentences";
import type { Skill } from "../skill";
import { matches } from "./matches";

const WHO = [
  /^(?:who|what|you) are you(?: exactly)?$/,
  /^(?:what is )?your name$|^what are you called$/,
  /^(?:introduce yourself|about yourself)$/,
  /^(?:what|which) (?:\p{L}+ )?(?:model|ai|program|assistant) (?:are you|is this|am i talking to|do you use)$/u,
  /^who (?:am i talking to|made you|built you|is this|is there)$/,
  /^are you (?:really )?(?:(?:a|an|the|real|language|large|human|artificial) )*(?:ai|robot|bot|human|being|person|model|computer|program|machine|assistant|chatgpt|gpt|llm|intelligence|alive|real)$/,
];
const ABLE = [
  /^help(?: me)?$|^how can you help(?: me)?$|^how does this work$/,
  /^what (?:can|could) (?:you|i) (?:do|say|ask|ask you|help me with)(?: (?:for me|here|offline))?$/,
  /^what (?:do you (?:do|know|understand)|are you able to do)$/,
  /^(?:what|which) (?:skills|tools|features|functions) do you have$/,
  /^(?:list|show me|what are) your (?:skills|tools|features|commands)$/,
];
const CONNECT =
  /^how (?:do|can|could|would|should) (?:i|we|you|one) (?:connect|use|get|set up|configure|add|run) (?:you (?:to|with) )?(?:(?:a|an|the|another|better|real|proper|language|large|ai) )*(?:model|llm|ollama|openai|chatgpt|ai)(?: (?:to you|here|with you))?$/;

const WHO_I_AM = "I am antiphon's built-in offline responder: a small program with fixed skills, not a language model.";

/** Who it is, what it can do, and how to get something better. */
export const about: Skill = ({ core }, { tools }) => {
  if (matches(WHO, core)) return `${WHO_I_AM} ${HOW_TO_CONNECT}`;
  if (CONNECT.test(core)) return HOW_TO_CONNECT;
  if (!matches(ABLE, core)) return undefined;
  const skills = "I can greet you, tell the time and the date, repeat what you say, count, spell and do sums.";
  const use = tools.length > 0 ? ` I can also use your tools: ${listed(tools.slice(0, 12))}.` : "";
  return `${skills}${use} ${HOW_TO_CONNECT}`;
};
