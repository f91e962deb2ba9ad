/** Which words of a spoken reply were heard: its text is tied to its audio where each piece of text arrived. Pure. */

/** From character `chars` on, the text is spoken from `ms` on. */
export interface Mark {
  readonly chars: number;
  readonly ms: number;
}

export interface SpokenText {
  readonly text: string;
  /** In order; one for every piece of text. Empty for a written reply. */
  readonly marks: readonly Mark[];
  /** Audio that has arrived. */
  readonly audioMs: number;
  /** False while more audio may come, so that the last piece's length is only a guess. */
  readonly complete: boolean;
}

/** A brisk speaker: how long a piece will be at least whose audio is still coming. */
const MS_PER_CHARACTER = 60;

/** How many characters were heard after `ms`; a word counts once it was spoken to its end. */
export function heardLength({ text, marks, audioMs, complete }: SpokenText, ms: number): number {
  const begun = marks.findLast((mark) => mark.ms <= ms)?.ms;
  // Pieces between which no audio came are spoken as one.
  const from = marks.find((mark) => mark.ms === begun);
  if (from === undefined) return marks.length === 0 ? text.length : 0;
  const next = marks.find((mark) => mark.ms > from.ms);
  const to = next ?? { chars: text.length, ms: audioMs };
  const known = to.ms - from.ms;
  const length = next !== undefined || complete ? known : Math.max(known, (to.chars - from.chars) * MS_PER_CHARACTER);
  if (length <= 0) return next === undefined && complete ? text.length : from.chars;
  const limit = from.chars + Math.min(1, (ms - from.ms) / length) * (to.chars - from.chars);
  return wordEnd(text, limit);
}

/** The last end of a word at or before `limit`. */
function wordEnd(text: string, limit: number): number {
  let end = 0;
  for (const { index, 0: word } of text.matchAll(/\S+/g)) {
    if (index + word.length > limit) break;
    end = index + word.length;
  }
  return end;
}
