/** One request, in the forms in which skills look at it. */
export interface Utterance {
  /** As written or heard, without space at its ends. */
  readonly text: string;
  /** Lower-case words and numerals with contractions opened and signs as words: `what is 3.5 plus 2`. */
  readonly plain: string;
  /** `plain` without the politeness around it (`please`, `could you`, `tell me`). */
  readonly core: string;
  /** The words of `core`; brackets count as words. */
  readonly words: readonly string[];
}

/** What is longer than this was not meant for a small program. */
const MAX_CHARACTERS = 2_000;

export function utteranceOf(text: string): Utterance {
  const plain = plainWords(text.slice(0, MAX_CHARACTERS)).join(" ");
  const core = withoutPoliteness(plain);
  return { text: text.trim(), plain, core, words: core === "" ? [] : core.split(" ") };
}

const LEADING =
  /^(?:(?:um|uh|er|erm|ah|oh|well|so|okay|ok|hey|please|now|and|then|also|just|antiphon|computer|assistant|can you|could you|would you|will you|i (?:want|would like|need) you to|i (?:want|would like) to know|do you know|tell me|let us|go ahead and) )+(?=.)/;
const TRAILING = /(?: (?:please|for me|right now|now|okay|ok|thanks|thank you))+$/;

function withoutPoliteness(plain: string): string {
  return plain.replace(LEADING, "").replace(TRAILING, "");
}

/** Lower-case words, numerals and brackets. */
export function plainWords(text: string): string[] {
  const signed = signsAsWords(
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[’‘`´]/g, "'"),
  );
  const words = signed.match(/\d+(?:\.\d+)?(?![\p{L}\p{N}])|[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*|[()]/gu) ?? [];
  return words.flatMap(openContraction);
}

function signsAsWords(text: string): string {
  return text
    .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
    .replace(/\be[- ]mail/g, "email")
    .replace(/\*\*|\^/g, " to the power of ")
    .replace(/[×*✕]|(?<=[\d)]\s*)x(?=\s*[\d(])/g, " times ")
    .replace(/÷|(?<=[\d)]\s*)\/(?=\s*[\d(-])/g, " divided by ")
    .replace(/\+/g, " plus ")
    .replace(/(?<=[\d)]\s*)[-−–](?=\s*[\d(-])/g, " minus ")
    .replace(/(?<![\p{L}\p{N}])[-−–](?=\d)/gu, " negative ")
    .replace(/=/g, " equals ")
    .replace(/%/g, " percent ");
}

const WHOLE: Readonly<Record<string, string>> = { "let's": "let us", "can't": "can not", "won't": "will not" };
const ENDINGS: readonly (readonly [string, string])[] = [
  ["n't", "not"],
  ["'re", "are"],
  ["'m", "am"],
  ["'ll", "will"],
  ["'ve", "have"],
  ["'d", "would"],
];

function openContraction(word: string): string[] {
  if (!word.includes("'")) return [word];
  if (WHOLE[word]) return WHOLE[word].split(" ");
  if (/^(?:what|who|where|when|how|that|it|there|here)'s$/.test(word)) return [word.slice(0, -2), "is"];
  for (const [ending, opened] of ENDINGS) if (word.endsWith(ending)) return [word.slice(0, -ending.length), opened];
  return [word];
}
