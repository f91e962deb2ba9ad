/** A transcript as the rules see it. */
export interface Utterance {
  /** The words of the last sentence, in lower case and without punctuation. */
  readonly words: readonly string[];
  /** The same with the sentences before it: numbers are often cut into sentences. */
  readonly all: readonly string[];
  /** What stands after the last word. */
  readonly mark: Mark;
  /** Commas between the words of the last sentence, and how many words follow the last of them. */
  readonly commas: number;
  readonly wordsAfterComma: number;
}

export type Mark = "none" | "period" | "question" | "exclamation" | "comma" | "break";

/** Longer transcripts are judged by their end. */
const LONGEST = 600;
const WORD = /[\p{L}\p{N}@+#&_]+(?:['.:\-@_][\p{L}\p{N}@_]+)*/gu;
const SENTENCE_END = /[.?!。？！]["')\]]*\s+(?=\S)/u;

export function readUtterance(transcript: string): Utterance {
  const text = transcript.slice(-LONGEST).replace(/[‘’]/g, "'").toLowerCase().trim();
  const last = text.split(SENTENCE_END).at(-1) ?? "";
  const commas = last.replace(/[^\p{L}\p{N}]+$/u, "").split(/,\s/);
  return {
    words: wordsOf(last),
    all: wordsOf(text),
    mark: markOf(text),
    commas: commas.length - 1,
    wordsAfterComma: wordsOf(commas.at(-1) ?? "").length,
  };
}

const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

function markOf(text: string): Mark {
  const end = /[^\p{L}\p{N}]*$/u.exec(text)?.[0] ?? "";
  if (/\.{2}|…|[-–—]\s*["')]?$/u.test(end)) return "break";
  if (/[?？]/u.test(end)) return "question";
  if (/[!！]/u.test(end)) return "exclamation";
  if (/[.。]/u.test(end)) return "period";
  return /[,;:،、]/u.test(end) ? "comma" : "none";
}
