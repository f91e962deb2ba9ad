import { spokenName } from "../sentences";

/** Words that say nothing about what a tool is for. */
const STOPWORDS = new Set(
  (
    "a an the this that these those it its i me my we us our you your he she they them his her their is are was were be been am do does did " +
    "have has had will would can could should may might must to of in on at by for with from into about as and or but not no if then than so " +
    "what which who whom whose when where why how there here all any some each every more most other such only own same too very just now please " +
    "want need like use used using tool function user users given when whenever call returns return based specific one ok okay hey hello hi go come"
  ).split(" "),
);

/** What tools do to things: common to too many names to decide by itself. */
const GENERIC = new Set(
  (
    "get set look lookup find search show list make create check run tell update add send give read open start stop play turn control handle " +
    "request query fetch change current info information data detail detail perform execute manage put ask new delete remove"
  ).split(" "),
);

/** A word cut down to what its forms share. */
export function stem(word: string): string {
  // `times` in a sum is no plural of `time`.
  if (word.length < 4 || word === "times" || word === "news") return word;
  return singular(word)
    .replace(/(?<=.{3})(?:ing|ed)$/, "")
    .replace(/([bgmnprt])\1$/, "$1")
    .replace(/(?<=..)e$/, "");
}

function singular(word: string): string {
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** The stems of the words that matter, each once. */
export function contentStems(text: string): string[] {
  const words = spokenName(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.filter((word) => !STOPWORDS.has(word)).map(stem))];
}

export function isStopword(word: string): boolean {
  return STOPWORDS.has(word);
}

const GENERIC_STEMS = new Set([...GENERIC].map(stem));

export function isGeneric(stemmed: string): boolean {
  return GENERIC_STEMS.has(stemmed);
}

/** Whether a recogniser may have heard one for the other: `whether` for `weather`. */
export function soundsLike(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 5 || a[0] !== b[0]) return false;
  const distance = editDistance(a, b);
  return distance <= 1 ? Math.min(a.length, b.length) > 5 : distance === 2 && skeleton(a) === skeleton(b);
}

/** The consonants as they sound. */
function skeleton(word: string): string {
  const sounds = word.replace(/wh/g, "w").replace(/ph/g, "f").replace(/ck/g, "k").replace(/gh/g, "").replace(/c/g, "k");
  return sounds.replace(/(?<=.)[aeiouy]/g, "").replace(/(.)\1+/g, "$1");
}

function editDistance(a: string, b: string): number {
  // More than a few letters apart in length is never close, however long the words are.
  if (Math.abs(a.length - b.length) > 2 || a.length > 40) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
