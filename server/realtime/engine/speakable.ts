const FENCE = "```";
/** A heading's, a quotation's or a bullet's mark at the start of a line. Numbers of lists are read aloud. */
const LINE_MARK = /^[^\S\n]*(?:#{1,6}[^\S\n]+|>[^\S\n]?|[-*+•‣◦][^\S\n]+)+/gm;
/** "---", "***", "| --- | --- |". */
const RULE = /^[^\S\n]*(?:[-*_=][^\S\n]*){3,}$|^[^\S\n]*\|?(?:[^\S\n]*:?-+:?[^\S\n]*\|)+[^\S\n:-]*$/gm;
const TABLE_ROW = /^[^\S\n]*\|(.*?)\|?[^\S\n]*$/gm;
/** `[words](address)` may be cut in two by a clause's end, so its halves are taken off one by one. */
const LINK_START = /!?\[(?=[^\]]*\]\(|[^\]]*$)/g;
const LINK_END = /\]\([^)\s]*(?:\s+"[^"]*")?\)/g;
const MARKS = /[*~]+/g;
const CODE_MARKS = /`+/g;
const UNDERSCORES = /_+/g;
const EMOJI =
  /(?:(?![©®™‼⁉])\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\u20e3\ufe0e\ufe0f]|[\u{e0020}-\u{e007f}])+/gu;

/**
 * Makes, for one reply, the function that turns its clauses into plain words to speak, to be called with each clause in
 * order. It takes off markdown marks, code blocks (they may span clauses) and emoji, and answers "" when nothing is left
 * to say.
 */
export function createSpeakable(): (clause: string) => string {
  let inCode = false;
  return (clause) => {
    const parts = clause.split(FENCE);
    const prose = parts.filter((_, index) => inCode === (index % 2 === 1));
    if (parts.length % 2 === 0) inCode = !inCode;
    return plainWords(prose.join(" "));
  };
}

function plainWords(text: string): string {
  const plain = text
    .replace(RULE, "")
    .replace(LINE_MARK, "")
    .replace(TABLE_ROW, (_, cells: string) => cells.replaceAll("|", ","))
    .replace(LINK_START, "")
    .replace(LINK_END, "")
    .replace(MARKS, (run, at: number, all: string) => (isMeant(run, all[at - 1], all[at + run.length]) ? run : ""))
    .replace(CODE_MARKS, "")
    .replace(UNDERSCORES, " ")
    .replace(EMOJI, " ")
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,;:!?](?: |$))/g, "")
    .trim();
  return /[\p{L}\p{N}]/u.test(plain) ? plain : "";
}

/** "2 * 3", "2**3" and "~5" are no markdown. */
function isMeant(run: string, before = " ", after = " "): boolean {
  const between = (kind: RegExp): boolean => kind.test(before) && kind.test(after);
  return between(/\s/) || between(/\d/) || (run === "~" && /\s/.test(before) && /\d/.test(after));
}
