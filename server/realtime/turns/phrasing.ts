/** Whether English words, as far as they have come, make a whole. Rules in order: the first that applies decides. */
import { DONE, LEANING_DONE, LEANING_OPEN, OPEN, SURELY_DONE, SURELY_OPEN } from "./evidence";
import type { Utterance } from "./utterance";
import * as table from "./words";

interface Phrase {
  readonly words: readonly string[];
  /** Without what only opens the sentence: "so", "well", "please". */
  readonly core: readonly string[];
  readonly last: string;
  readonly before: string;
  readonly utterance: Utterance;
}

type Rule = (phrase: Phrase) => number | undefined;

/** Undefined when there are no words. */
export function judgePhrasing(utterance: Utterance): number | undefined {
  const { words } = utterance;
  if (words.length === 0) return undefined;
  const opening = words.findIndex((word) => !table.INTERJECTIONS.has(word));
  const core = opening < 0 ? [] : words.slice(opening);
  const phrase = { words, core, last: words.at(-1) ?? "", before: words.at(-2) ?? "", utterance };
  for (const rule of RULES) {
    const verdict = rule(phrase);
    if (verdict !== undefined) return verdict;
  }
  return 0;
}

const RULES: readonly Rule[] = [
  answer,
  hesitation,
  opener,
  openPair,
  contraction,
  conjunction,
  that,
  subject,
  looseObject,
  preposition,
  particle,
  auxiliary,
  verb,
  infinitive,
  clauseSubject,
  adverb,
  article,
  openClause,
  list,
  closer,
  question,
  command,
  statement,
];

// ---------------------------------------------------------------- whole things

/** Nothing but "yes", "no, thank you", "okay, bye". */
function answer({ words }: Phrase): number | undefined {
  let rest: readonly string[] = words;
  while (rest.length > 0) {
    const found = longest(table.ANSWERS, (each) => each.every((word, index) => rest[index] === word));
    if (found === 0) return undefined;
    rest = rest.slice(found);
  }
  return SURELY_DONE;
}

// ---------------------------------------------------------------- promises of more

function hesitation({ words, last, before }: Phrase): number | undefined {
  if (table.FILLERS.has(last)) return SURELY_OPEN;
  if (last === "so") return /^(think|hope|guess|suppose|not|or|do|even|believe|say)$/.test(before) ? DONE : SURELY_OPEN;
  if (last === "well" || last === "okay" || last === "actually") {
    return words.slice(0, -1).every((word) => table.INTERJECTIONS.has(word)) ? OPEN : undefined;
  }
  return undefined;
}

function opener({ words, core }: Phrase): number | undefined {
  if (table.UNFINISHED.has(core.join(" "))) return OPEN;
  const found = longest(table.OPENERS, (each) => endsWith(words, each));
  if (found === 0) return undefined;
  // "It is at five, I think": an afterthought.
  return /^(think|guess|believe|suppose)$/.test(words.at(-1) ?? "") && core.length > found + 1 ? LEANING_DONE : OPEN;
}

/** "Either …" waits for its "or", "between …" for its "and". */
function openPair({ words }: Phrase): number | undefined {
  const waits = (first: string, second: string): boolean => {
    const at = words.lastIndexOf(first);
    return at >= 0 && at < words.length - 1 && !words.includes(second, at);
  };
  return waits("either", "or") || waits("between", "and") ? OPEN : undefined;
}

/** "I'm", "what's", "my sister's". */
function contraction({ last }: Phrase): number | undefined {
  if (/^(i|you|we|they|he|she|it|that|there|here|what|where|who|how|when|let)'(m|s|re|ll|d|ve)$/.test(last))
    return SURELY_OPEN;
  return /'s$/.test(last) ? OPEN : undefined;
}

function conjunction({ last, before }: Phrase): number | undefined {
  if (last === "then" && before === "and") return SURELY_OPEN;
  return table.CONJUNCTIONS.has(last) ? SURELY_OPEN : undefined;
}

/** "She told me that" opens a clause; "what is that" does not. */
function that({ core, last, before }: Phrase): number | undefined {
  if (last !== "that" || !table.REPORTING.has(before)) return undefined;
  return asks(core) ? DONE : OPEN;
}

/** "And then I", "can you", "if it": the verb is missing. But "how are you", "where am I". */
function subject({ core, words, last, before }: Phrase): number | undefined {
  const isSubject = table.SUBJECTS.has(last);
  if (!isSubject && !table.PRONOUNS.has(last)) return undefined;
  if (table.AUXILIARIES.has(before) || table.NEGATIVES.has(before) || /'(s|re)$/.test(before))
    return afterAuxiliary(core, words);
  if (table.CONJUNCTIONS.has(before) || (table.SUBORDINATORS.has(before) && before !== "in"))
    return isSubject || last === "you" || last === "it" ? OPEN : undefined;
  return isSubject && !/^(so|neither|and)$/.test(before) ? SURELY_OPEN : undefined;
}

function afterAuxiliary(core: readonly string[], words: readonly string[]): number {
  const auxiliary = words.at(-2) ?? "";
  // "How are you" is whole, "how do you" is not.
  if (asks(core)) return /^(is|are|was|were|am)$|'(s|re)$/.test(auxiliary) ? DONE : OPEN;
  if (table.NEGATIVES.has(auxiliary) && words.length > 3) return DONE;
  return words.length > 5 ? LEANING_DONE : OPEN;
}

/** "Tell me", "send him": whatever it is, it was not said. */
function looseObject({ last, before }: Phrase): number | undefined {
  if (!/^(me|him|her|us|them|you)$/.test(last)) return undefined;
  return table.DITRANSITIVES.has(before) ? OPEN : undefined;
}

function preposition(phrase: Phrase): number | undefined {
  const { words, core, last, before } = phrase;
  if (table.PLACE_WORDS.has(last))
    return /^(been|here|it|day|week|night|year|look|ever|this|that)$/.test(before) ? DONE : LEANING_OPEN;
  if (!table.PREPOSITIONS.has(last)) return undefined;
  if (last === "to" && echoes(phrase)) return LEANING_DONE;
  if (last === "like")
    return asks(core) && /^(is|look|looks|sound|taste|feel|was|it|that|this)$/.test(before) ? DONE : OPEN;
  return isStranded(words, before) ? DONE : SURELY_OPEN;
}

/** "Yes, I would love to", "I don't want to". */
function echoes({ words, before }: Phrase): boolean {
  if (!/^(love|want|like|have|need|going|happy|able|try|supposed|used|glad)$/.test(before)) return false;
  return /^(yes|yeah|no|sure|nope|yep)$/.test(words[0] ?? "") || words.some((word) => table.NEGATIVES.has(word));
}

/** "What are you looking for", "I know who it is from": the question word is what it belongs to. */
function isStranded(words: readonly string[], before: string): boolean {
  if (!words.some((word) => /^(what|who|whom|which|where|what's|who's|whatever)$/.test(word))) return false;
  return table.PRONOUNS.has(before) || /ing$/.test(before) || table.STRANDING_VERBS.has(before);
}

function particle({ words, core, last, before }: Phrase): number | undefined {
  if (!table.PARTICLES.has(last)) return undefined;
  // "Is the light on", "which room are you in", "what is going on".
  if (isBe(core[0]) && core.length >= 3) return DONE;
  if (asks(core)) return table.PRONOUNS.has(before) || before === "going" ? DONE : LEANING_OPEN;
  if (!words.slice(-7, -1).some((word) => table.PARTICLE_VERBS.has(word))) return OPEN;
  return isCommand(core) || table.AUXILIARIES.has(core[0] ?? "") ? DONE : 0;
}

/** "What time is": open. "I don't know what it is", "as soon as you can", "no, I can't": whole. */
function auxiliary({ words, core, last, before }: Phrase): number | undefined {
  if (/n't$/.test(last)) return table.PRONOUNS.has(before) ? LEANING_DONE : OPEN;
  if (!table.AUXILIARIES.has(last) || (last === "may" && /^(of|in|this|next|last|by|until|since)$/.test(before)))
    return undefined;
  if (/^(be|been|being|am)$/.test(last) && words[0] !== "yes") return SURELY_OPEN;
  if (!table.PRONOUNS.has(before)) return SURELY_OPEN;
  if (/^(yes|yeah|no|sure|so)$/.test(words[0] ?? "")) return DONE;
  const reasons = /^(what|where|who|how|when|why|which|as|than|think|believe|know|hope|afraid|what's)$/;
  return words.slice(0, -2).some((word) => reasons.test(word)) && core.length >= 3 ? LEANING_DONE : SURELY_OPEN;
}

/** "I want": what? But "what do you want", "all I need". */
function verb({ words, core, last, before }: Phrase): number | undefined {
  if (!table.TRANSITIVES.has(last) || table.ARTICLES.has(before)) return undefined;
  const isAnswered = words.some((word) =>
    /^(what|who|which|whatever|everything|all|anything|where|how|that's)$/.test(word),
  );
  return isAnswered && core.length >= 3 ? LEANING_DONE : OPEN;
}

/** "I want to return": what? */
function infinitive({ last, before }: Phrase): number | undefined {
  const follows =
    before === "to" || before === "please" || /^(i|you|we|they|it)'(d|ll)$/.test(before) || MODALS.test(before);
  return follows && table.ACTIONS.has(last) ? LEANING_OPEN : undefined;
}

const MODALS = /^(can|could|would|will|should|must|might|may)$/;

/** "She said that the doctor", "because my sister": somebody, but not yet what about them. */
function clauseSubject({ words }: Phrase): number | undefined {
  const [opening = "", determiner = ""] = words.slice(-3);
  const opensClause = opening === "that" || /^(because|if|while|although|unless|since|whether)$/.test(opening);
  return words.length >= 3 && opensClause && table.DETERMINERS.has(determiner) ? OPEN : undefined;
}

function adverb({ words, last }: Phrase): number | undefined {
  if (table.LEADING_ADVERBS.has(last)) return OPEN;
  return table.LOOSE_ADVERBS.has(last) && words.length > 1 ? LEANING_OPEN : undefined;
}

/** "The", "my", "a large": the noun is missing. */
function article({ last, before }: Phrase): number | undefined {
  if (table.ARTICLES.has(last)) return SURELY_OPEN;
  if (last === "no" || last === "another" || last === "each") return OPEN;
  const isSuperlative = /.{2}est$/.test(last) && before === "the";
  return table.ARTICLES.has(before) && (table.ADJECTIVES.has(last) || isSuperlative) ? OPEN : undefined;
}

/** "If it rains tomorrow": then what? */
function openClause({ core, utterance }: Phrase): number | undefined {
  const [first = "", second = ""] = core;
  if (!table.SUBORDINATORS.has(first) || core.length < 2) return undefined;
  if (/^(in|even|given|provided)$/.test(first) && !/^(case|though|if|that)$/.test(second)) return undefined;
  if (first === "when" && (table.AUXILIARIES.has(second) || table.NEGATIVES.has(second))) return undefined;
  if (utterance.commas > 0 && utterance.wordsAfterComma >= 2) return undefined;
  if (hasMainClause(core)) return undefined;
  return first === "because" ? LEANING_OPEN : OPEN;
}

/** A second subject, a second auxiliary, a command or a question word behind the first clause. */
function hasMainClause(core: readonly string[]): boolean {
  const rest = core.slice(1);
  const subjects = rest.filter((word, index) => table.SUBJECT_LIKE.has(word) && index < rest.length - 1);
  const auxiliaries = rest.filter((word) => table.AUXILIARIES.has(word) || /n't$/.test(word));
  const later = rest.slice(2);
  return (
    auxiliaries.length >= 2 ||
    (subjects.length >= 2 && rest.length >= 5) ||
    later.some((word) => word === "then" || table.IMPERATIVES.has(word) || /^(what|who|where|why|how)$/.test(word))
  );
}

/** "Eggs, milk, bread": no "and" yet. */
function list({ words, utterance }: Phrase): number | undefined {
  if (utterance.commas < 2 || utterance.wordsAfterComma > 2) return undefined;
  return words.slice(-3).some((word) => word === "and" || word === "or" || word === "please")
    ? undefined
    : LEANING_OPEN;
}

// ---------------------------------------------------------------- signs of the end

function closer({ core, last, before }: Phrase): number | undefined {
  if (last === "please" && before === "you") return OPEN;
  return table.CLOSERS.has(last) && core.length >= 2 ? DONE : undefined;
}

function question({ core }: Phrase): number | undefined {
  const [first = "", second = ""] = core;
  if (asks(core)) return core.length >= 4 ? DONE : core.length === 3 ? LEANING_DONE : 0;
  const isRequest = table.AUXILIARIES.has(first) && (table.PRONOUNS.has(second) || core.length >= 4);
  if (!isRequest) return undefined;
  if (core.length <= 3) return -0.5;
  if (table.MOVERS.has(core[2] ?? "") && !core.some((word) => table.GOALS.has(word))) return 0;
  return core.length === 4 ? LEANING_DONE : 1.5;
}

function command({ core }: Phrase): number | undefined {
  if (!isCommand(core)) return undefined;
  if (table.MOVERS.has(core[0] ?? "") && !core.some((word) => table.GOALS.has(word))) return 0;
  return core.length >= 3 ? 1.5 : core.length === 2 ? 0.5 : LEANING_OPEN;
}

/** Somebody and what they do; or only a name for something, which may be an answer. */
function statement({ words, core }: Phrase): number {
  const hasSubject = core.some(
    (word) => table.SUBJECT_LIKE.has(word) || table.AUXILIARIES.has(word) || /n't$/.test(word),
  );
  if (hasSubject) return core.length >= 5 ? 1.5 : core.length >= 3 ? LEANING_DONE : 0;
  return words.length >= 4 ? LEANING_DONE : 0.4;
}

// ---------------------------------------------------------------- helpers

const asks = (core: readonly string[]): boolean =>
  (table.QUESTION_WORDS.has(core[0] ?? "") && !/^(when|whose)$/.test(core[0] ?? "")) ||
  (core[0] === "when" && table.AUXILIARIES.has(core[1] ?? ""));
const isBe = (word = ""): boolean => /^(is|are|was|were|isn't|aren't)$/.test(word);
const isCommand = (core: readonly string[]): boolean => table.IMPERATIVES.has(core[0] ?? "");
const endsWith = (words: readonly string[], end: readonly string[]): boolean =>
  end.length <= words.length && end.every((word, index) => words[words.length - end.length + index] === word);

/** The length of the longest entry that fits. */
function longest(entries: readonly (readonly string[])[], fits: (entry: readonly string[]) => boolean): number {
  return entries.reduce((most, each) => (each.length > most && fits(each) ? each.length : most), 0);
}
