/** Which words were spoken when: maps a position in an item's audio back to its transcript. Pure. */

export interface SpokenClause {
  readonly text: string;
  readonly startMs: number;
  /** Where the audio of the clause ends so far. */
  readonly endMs: number;
  /** False while more audio of this clause may come, so that its real length is not known yet. */
  readonly complete: boolean;
}

export type Spoken = readonly SpokenClause[];

/** A brisk speaker: used to guess how long a clause will be while its audio is still coming. */
const MS_PER_CHARACTER = 60;

/** A new clause begins where the audio ends now. */
export function beginClause(spoken: Spoken, text: string, atMs: number): Spoken {
  return [...finishClause(spoken), { text, startMs: atMs, endMs: atMs, complete: false }];
}

/** More words of the stretch that is being spoken. Sound that came before any words is theirs. */
export function joinClause(spoken: Spoken, text: string, atMs: number): Spoken {
  const last = spoken.at(-1);
  if (last === undefined) return [{ text, startMs: 0, endMs: atMs, complete: false }];
  return [...spoken.slice(0, -1), { ...last, text: last.text + text }];
}

export function extendClause(spoken: Spoken, endMs: number): Spoken {
  const last = spoken.at(-1);
  return last === undefined ? spoken : [...spoken.slice(0, -1), { ...last, endMs }];
}

export function finishClause(spoken: Spoken): Spoken {
  const last = spoken.at(-1);
  return last === undefined ? spoken : [...spoken.slice(0, -1), { ...last, complete: true }];
}

/** The words that were heard when playback stopped at `ms`; a word counts once it was spoken to its end. */
export function heardText(spoken: Spoken, ms: number): string {
  let heard = "";
  for (const clause of spoken) {
    if (ms >= clause.endMs && clause.complete) heard += clause.text;
    else return heard + wordsUntil(clause, ms);
  }
  return heard;
}

function wordsUntil(clause: SpokenClause, ms: number): string {
  const known = clause.endMs - clause.startMs;
  const duration = clause.complete ? known : Math.max(known, clause.text.length * MS_PER_CHARACTER);
  if (duration <= 0 || ms <= clause.startMs) return "";
  const share = Math.min(1, (ms - clause.startMs) / duration);
  const limit = share * clause.text.length;
  let end = 0;
  for (const word of clause.text.matchAll(/\s*\S+/g)) {
    const wordEnd = word.index + word[0].length;
    if (wordEnd > limit) break;
    end = wordEnd;
  }
  return clause.text.slice(0, end);
}
