/** Where one request may end and the next begin; what really does is decided by what can be answered. */
const BETWEEN = /\s*[,;]?\s+(?:and then|and also|and|then|also)\s+(?=\S)|[.?!;,]+\s+(?=\S)/giu;
const GREETING = /^(?<greeting>(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: there)?)\s+\S/i;
const MOST_PIECES = 12;

export interface Requests {
  /** At least one, unless nothing can be answered. */
  readonly requests: readonly string[];
  /** What nobody understands; undefined when everything was. */
  readonly unanswered: string | undefined;
}

/** A request, and where it stands in the utterance. */
interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The requests in one utterance. What cannot be answered by itself belongs to the request before it (`add 3 and 4`), and
 * words to be said go on to the end. When that leaves something open, the utterance counts as one request, if it can
 * be answered so.
 */
export function splitRequests(text: string, canAnswer: (text: string) => boolean): Requests {
  const pieces = piecesOf(text);
  if (pieces.length > 1 && pieces.length <= MOST_PIECES) {
    const groups = grouped(text, pieces, canAnswer).map((each) => each.text);
    if (groups.every(canAnswer)) return { requests: groups, unanswered: undefined };
  }
  if (canAnswer(text)) return { requests: [text], unanswered: undefined };
  const known = pieces.slice(0, MOST_PIECES).filter((each) => canAnswer(each.text));
  const unknown = pieces.filter((each) => !known.includes(each));
  if (known.length === 0) return { requests: [], unanswered: text };
  return { requests: known.map((each) => each.text), unanswered: unknown.map((each) => each.text).join(" ") };
}

function grouped(text: string, pieces: readonly Piece[], canAnswer: (text: string) => boolean): Piece[] {
  const groups: Piece[] = [];
  for (const piece of pieces) {
    const before = groups.at(-1);
    if (!before || (!takesTheRest(before.text) && canAnswer(piece.text))) groups.push(piece);
    else groups[groups.length - 1] = { start: before.start, end: piece.end, text: text.slice(before.start, piece.end) };
  }
  return groups;
}

function takesTheRest(text: string): boolean {
  return /^\W*(?:(?:please|can you|could you|now)\s+)*(?:say|repeat)\b(?!\s+(?:that|it|this|again)\b\s*(?:again)?$)/i.test(
    text,
  );
}

function piecesOf(text: string): Piece[] {
  const greeting = GREETING.exec(text)?.groups?.greeting;
  const pieces: Piece[] = greeting === undefined ? [] : [{ text: greeting, start: 0, end: greeting.length }];
  let start = greeting?.length ?? 0;
  const add = (end: number): void => void pieces.push({ text: text.slice(start, end).trim(), start, end });
  for (const match of text.matchAll(BETWEEN)) {
    if (match.index < start) continue;
    add(match.index);
    start = match.index + match[0].length;
  }
  add(text.length);
  return pieces.filter((piece) => /[\p{L}\p{N}]/u.test(piece.text));
}
